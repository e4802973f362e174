"""How each obligation reads a plan's facts: from which one it runs, and which one stops it.

The readings R1 to R73 of the published interface are named where they decide.
"""
