"""How a person or a machine is known: by an identity provider, and by a session held here.

Nobody has a password here. A person signs in where they work, and is who that provider says by its
issuer and its subject; an email address is never read. What somebody may do is not decided here.
"""
