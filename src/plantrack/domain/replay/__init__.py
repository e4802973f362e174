"""Replay: rehearsals of past histories, steps through a plan, and what they are measured by."""
