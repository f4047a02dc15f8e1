"""Webhooks: what the outside world told the shop, kept before it is acted on."""
