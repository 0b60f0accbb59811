"""The output folder: issues written whole or not at all, read back, approved, one run at a time."""
