"""Policies of an installation: policy files read, and which version is in force on a day."""
