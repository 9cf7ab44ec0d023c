"""Numbers from a library and a day."""
