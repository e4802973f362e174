"""What people see: templates, words and the files that a browser loads."""
