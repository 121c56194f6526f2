"""A user's own USD file."""
