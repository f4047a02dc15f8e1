"""The lowest layer: errors, ids, settings, logs, tasks, back-off, input checks."""
