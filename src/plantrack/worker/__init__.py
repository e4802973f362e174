"""What goes on by itself: lists follow the record, and sweeps raise what is overdue."""

from plantrack.worker.sweeper import Failed, Swept, sweep
from plantrack.worker.worker import EVERY, Worker

__all__ = ["EVERY", "Failed", "Swept", "Worker", "sweep"]
