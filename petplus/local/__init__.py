"""The whole shop on one machine: processes, their supervisor and embedded servers."""
