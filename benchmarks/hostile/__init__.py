"""Attacks a shop of its own, beside honest clients, and compares what each attack costs with its budget."""
