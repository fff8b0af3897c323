"""Numbers with their origin, and the tables and levers made of them."""
