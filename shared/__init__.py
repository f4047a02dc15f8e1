"""What every subgraph needs and no pet knows: settings, database, loaders, paging, access, events."""
