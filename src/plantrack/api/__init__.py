"""The web API: one module for each audience."""

from plantrack.api.app import create_app
from plantrack.api.doors import Doors
from plantrack.api.settings import Settings

__all__ = ["Doors", "Settings", "create_app"]
