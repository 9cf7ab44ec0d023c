"""What can be wrong in a workspace: one rule a file, each documented by its own docstring."""
