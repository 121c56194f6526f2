"""What is around the things: a room, a landscape, the sky."""
