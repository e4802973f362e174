"""The policies in force: the default of this release, and what was adopted over it."""

from collections.abc import Sequence
from threading import Lock

from plantrack.application.policies import reading as policy
from plantrack.domain.policy import Policies
from plantrack.record import Record


class PoliciesInForce:
    """Gives the policies in force; the same object as long as no other was adopted."""

    def __init__(self, record: Record) -> None:
        self._record = record
        self._turn = Lock()
        self._times = -1
        self._policies = policy.load()

    def __call__(self) -> Policies:
        """Give the policies, read again if somebody has adopted one."""
        with self._turn:
            times = self._record.times_adopted()
            if times != self._times:
                self._policies = laid_over(self._record)
                self._times = times
            return self._policies


def laid_over(record: Record, overlays: Sequence[policy.Source] = ()) -> Policies:
    """Give the policies in force with further files laid over them."""
    adopted = [policy.Source(each.file, each.text) for each in record.adopted()]
    return policy.read(policy.Source.england(), *adopted, *overlays)
