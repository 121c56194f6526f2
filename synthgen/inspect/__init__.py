"""Looking at a dataset: verify, statistics, gallery, doctor."""
