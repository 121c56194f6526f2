"""What to make: the recipe's models, distributions, loading with addresses, JSON Schema."""
