"""Who is meant, as an identity provider says it."""

from typing import NamedTuple


class Identity(NamedTuple):
    """One person or machine of one provider: these two together, and nothing else, say who."""

    issuer: str
    subject: str
