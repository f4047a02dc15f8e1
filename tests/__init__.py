"""The tests, arranged as the product is."""
