"""The rules of analytics, by aggregate: events, facts of designs, experiments, privacy."""
