"""What everything else stands on: errors, ids, settings, logs, tasks, back-off, input checks."""
