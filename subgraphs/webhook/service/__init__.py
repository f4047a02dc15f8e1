"""What happens to webhooks: signatures are verified, deliveries kept once, and discarded by staff."""
