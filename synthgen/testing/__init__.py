"""Contract suites and tiny fixtures for those who extend synthgen."""
