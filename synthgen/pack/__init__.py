"""Frames to shards: codecs, WebDataset, Parquet, manifest and dataset card."""
