"""Counts of cases by area: index to the first year, change with its range, against all areas together."""
