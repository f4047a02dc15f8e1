"""The order room, through its HTTP surface."""
