"""Who may read a text: marks, texts sealed by them, and the clearance that opens them."""
