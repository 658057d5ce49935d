"""Data sets on disk: which files belong together, which may be trained on, and their bars, prepared for training."""
