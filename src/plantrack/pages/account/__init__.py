"""Pages for whoever signs in: by which provider, and one's own sessions."""
