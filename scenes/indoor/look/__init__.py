"""What things look like: styles, palettes, and the Blender material of every role."""
