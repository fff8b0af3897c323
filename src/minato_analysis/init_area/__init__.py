"""A project of its own for another municipality: the same code, empty tables of the same layouts."""
