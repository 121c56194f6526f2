"""What things are made of: tables of colours and materials, and the ones that a scene draws."""
