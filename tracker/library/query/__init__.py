"""The query language of `list`, `agenda`, `export` and the site's filter box."""
