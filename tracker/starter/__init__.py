"""What a new workspace and a new record begin with; the texts lie in the folder `files`."""
