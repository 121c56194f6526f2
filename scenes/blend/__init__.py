"""A user's own Blender file."""
