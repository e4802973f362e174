"""Managers."""
