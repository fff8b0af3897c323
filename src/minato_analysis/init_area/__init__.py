"""A project of data only for another municipality: empty tables of the same layouts."""
