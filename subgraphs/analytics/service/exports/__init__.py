"""Exports: files of events that staff ask for, written part by part in the background."""
