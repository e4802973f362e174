"""The tracker: what the outside holds, to say what happened and to read what was said."""

from plantrack.tracker.asked import Guard, Recorded, Said
from plantrack.tracker.tracker import Tracker, utc_now

__all__ = ["Guard", "Recorded", "Said", "Tracker", "utc_now"]
