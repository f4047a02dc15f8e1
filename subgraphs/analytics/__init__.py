"""Analytics: what people do, which experiments they see and what comes of it."""
