"""Payment providers: the port by which money is asked for and given back, and an adapter for each provider."""
