"""Many areas at once: one table of areas in, one page for each of them and an overview out."""
