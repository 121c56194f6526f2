"""What a training machine installs: datasets as numpy, and torch on request."""
