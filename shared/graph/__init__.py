"""Building blocks of a subgraph's schema: row types, loaders, pagination, access rules, scalars, problems."""
