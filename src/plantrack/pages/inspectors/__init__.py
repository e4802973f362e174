"""Pages for inspectors: find a plan, replay it, compare two moments, rehearse it."""
