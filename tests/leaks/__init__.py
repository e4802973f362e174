"""Hunts for what leaves plantrack that should not, by oracles of its own."""
