"""Compiled execution against graphql-core's own: the same documents, the same answers."""
