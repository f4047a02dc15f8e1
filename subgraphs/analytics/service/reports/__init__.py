"""Answers what was asked of events: from what was counted, or from the events themselves."""
