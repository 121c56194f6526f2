"""Where things are, in numpy: how they lie, what stands on what, what is free."""
