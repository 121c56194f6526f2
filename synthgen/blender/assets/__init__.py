"""Assets of all kinds of files as meshes that a stage can take: metres, z up, front to -y, on the floor."""
