"""What each notebook computes: observations in, tables and recorded facts out. Logic only, no prose."""
