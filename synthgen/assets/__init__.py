"""Models, light fields and textures from elsewhere: what there is, whose it is, and what is wrong with it."""
