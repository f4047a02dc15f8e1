"""The composition root: the command line, the supervisor of processes, embedded servers and demo data."""
