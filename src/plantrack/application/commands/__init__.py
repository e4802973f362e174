"""The tracker: what the outside holds, to say what happened and to read what was said."""

from plantrack.application.commands.bus import Commands, utc_now
from plantrack.application.commands.command import Guard, NewEvent, Receipt

__all__ = ["Commands", "Guard", "NewEvent", "Receipt", "utc_now"]
