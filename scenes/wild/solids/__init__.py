"""Solids and sheets as numpy arrays: no Blender here."""
