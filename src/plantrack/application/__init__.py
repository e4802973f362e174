"""What one installation does with its record: the use cases below web, pages and command line."""
