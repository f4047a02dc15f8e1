"""How documents are executed: limits, cost, caching and masking of errors."""
