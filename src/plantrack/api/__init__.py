"""The web API: one module for each audience."""

from plantrack.api.app import create_app
from plantrack.web.settings import Settings
from plantrack.web.sources import Sources

__all__ = ["Settings", "Sources", "create_app"]
