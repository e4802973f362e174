"""Pages for partner agencies: what waits for them, and their positions on decisions."""
