"""For conference chairs: a conference recorded part by part, for one child or several together.

It is written as a draft, which only its writer reads, and put on all plans at once at the end.
"""
