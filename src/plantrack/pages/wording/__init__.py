"""The words of pages: dates, sentences, and how rules and looks are told."""
