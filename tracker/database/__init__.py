"""The records as an SQLite database: its tables, how they are filled, and reading them safely."""
