"""A published edition: its manifest, ledger and history, its pages read back, and how it is published."""
