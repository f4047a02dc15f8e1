"""Small stand-ins for the subgraphs, so that the router is tested alone."""
