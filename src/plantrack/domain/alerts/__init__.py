"""Alerts: clocks counted as entries come, what is overdue, and who is told next."""
