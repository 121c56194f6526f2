"""How it runs: stages, journal, inline and Ray executors."""
