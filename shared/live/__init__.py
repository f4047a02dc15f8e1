"""Live feeds: what is appended to a log in the database reaches its subscribers."""
