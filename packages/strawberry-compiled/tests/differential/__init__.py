"""Differential tests: compiled execution and graphql-core give the same answers to the same documents."""
