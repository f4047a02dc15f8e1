"""Personal data: where they are, and that they can be made to vanish."""
