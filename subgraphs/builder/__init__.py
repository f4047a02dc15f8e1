"""Designs: what customers make of the products, what it costs and what it starts from."""
