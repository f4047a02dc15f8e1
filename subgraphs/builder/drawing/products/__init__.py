"""One module for each product: `draw` draws it in the middle of a square of 800."""
