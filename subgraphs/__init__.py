"""One room per domain; a room may import another only through `handlers` to `events`."""
