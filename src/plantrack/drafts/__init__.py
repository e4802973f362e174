"""What somebody has begun to write and not put on the record yet: the parts of a conference.

Nothing here is on the record. A draft is its writer's alone, and its words are gone when it is
finished or thrown away.
"""
