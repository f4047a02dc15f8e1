"""Carts, from the first quote to the order."""
