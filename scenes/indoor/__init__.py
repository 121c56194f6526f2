"""The `indoor` family: `spec.py` is what a user may say, `build.py` how Blender makes it."""
