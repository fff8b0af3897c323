"""A year on its way into the data: scaffolded, filled in, checked, accepted."""
