"""Who may see and do what: a record of its own, and one decision made of it."""
