"""What can be wrong with a workspace or a clone around its records, and how it is mended."""
