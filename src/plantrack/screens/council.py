"""Whose service this is: the name, colour and logo that stand on every page, and whom to ask."""

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Council:
    """What an installation says of itself."""

    name: str = "Fernleigh Council"
    service: str = "Plan tracker"
    colour: str = "#00625e"
    """A colour as browsers write it, dark enough for white text on it."""

    logo: bytes | None = None
    logo_type: str = "image/svg+xml"
    phone: str | None = None
    """Whom to telephone when the service is not there."""

    email: str | None = None
