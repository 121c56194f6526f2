"""Recipe to plan: one frozen, hashed job per scene, with every choice of the recipe already drawn."""
