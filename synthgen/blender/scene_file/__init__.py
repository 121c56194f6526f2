"""A user's scene file: opened, taken apart into objects that stand still, with ids, classes and cameras."""
