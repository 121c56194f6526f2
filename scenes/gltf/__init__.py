"""A user's own glTF file."""
