"""The access matrix: every field and root operation, for every kind of caller, on every path of a running shop."""
