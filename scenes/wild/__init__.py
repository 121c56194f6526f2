"""The `wild` family: things of many kinds and materials, in rooms, in landscapes and before the sky."""
