"""The demonstration: an invented partnership, and how its past is played onto a record."""
