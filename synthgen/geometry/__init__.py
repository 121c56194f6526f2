"""Cameras, poses and depth in pure numpy. Conventions: docs/conventions.md."""
