"""What may happen on a plan, what must happen next, and what is refused.

Nothing here reads a clock, a file, a database or a request: days and people come in as arguments.
"""
