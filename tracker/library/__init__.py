"""All records of a workspace, and what they mean on one day."""
