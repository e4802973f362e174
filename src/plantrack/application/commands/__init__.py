"""Commands: what people say is checked against all that was said before, and recorded."""

from plantrack.application.commands.bus import Commands, utc_now
from plantrack.application.commands.command import Guard, NewEvent, Receipt

__all__ = ["Commands", "Guard", "NewEvent", "Receipt", "utc_now"]
