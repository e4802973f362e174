"""A plan decides on an event: its state, its rules, its history, and what was known when."""
