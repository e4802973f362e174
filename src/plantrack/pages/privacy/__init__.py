"""Pages for privacy officers: who looked, and emergency access."""
