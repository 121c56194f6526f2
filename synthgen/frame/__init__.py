"""The contract at which all rooms meet: what a frame is, how it lies on disk, what makes it valid."""
