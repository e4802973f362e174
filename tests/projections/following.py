"""What processes of their own do in the tests of the lists. They share nothing but the database."""

import time
from contextlib import closing

from plantrack.application.plans import Plans
from plantrack.projections.follower import Follower
from plantrack.projections.store import CannotKeep, Overtaken, ReadModels
from plantrack.record import open_record
from story import england


def follow_for_ever(url: str, limit: int) -> None:
    """Follow in small batches until killed, and give way to whoever else does."""
    with open_record(url) as record, closing(ReadModels(url)) as models:
        follower = Follower(models, Plans(record, england))
        while True:
            try:
                if not follower.catch_up(limit):
                    time.sleep(0.002)
            except (Overtaken, CannotKeep):
                time.sleep(0.001)
