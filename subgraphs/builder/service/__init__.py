"""What happens to designs, presets, links and pictures: rules and transactions, no GraphQL and no HTTP."""
