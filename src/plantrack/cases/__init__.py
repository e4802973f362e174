"""History files that come with plantrack."""
