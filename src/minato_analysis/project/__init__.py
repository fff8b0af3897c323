"""The project folder: files written whole, checksums, YAML, days, editions, its program."""
