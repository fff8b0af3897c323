"""Reproducible analysis of public statistics on repeat arrests."""
