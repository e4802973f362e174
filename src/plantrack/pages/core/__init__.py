"""What every page is made of: its frame, its route, its reader, the form in front of somebody."""
