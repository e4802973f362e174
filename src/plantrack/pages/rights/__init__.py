"""Pages about people and their rights: who is known, in which role, and who sees a plan."""
