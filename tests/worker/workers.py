"""What processes of their own do in the tests of the worker."""

import os
import time
from typing import Any

from plantrack.application.services import Services
from plantrack.worker import Worker
from record.writers import forking

forking.set_forkserver_preload(["record.writers", __name__])


def work_until_killed(url: str, every: float, leads: Any) -> None:
    """Work, and tell once that this process leads."""
    with Services(url) as services:
        worker = Worker(services, every)
        worker.start()
        while not worker.leads:
            time.sleep(0.005)
        leads.put((os.getpid(), time.monotonic()))
        time.sleep(60)
