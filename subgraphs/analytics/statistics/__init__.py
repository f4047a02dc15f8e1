"""The statistics of experiments: pure functions of counts and moments, without SQL and without GraphQL."""
