"""Whether all is well: what `/readyz` says, and what every list says beside its rows.

A list that is empty because nobody keeps it up must never look like good news.
"""

import time
from collections.abc import Callable, Iterator
from datetime import datetime
from threading import Lock
from typing import Any

from plantrack.application.services import Glance, Services, Standing
from plantrack.projections.last_sweep import Beat
from plantrack.projections.store import CannotKeep
from plantrack.record import CannotReach

LONGEST_LAG = 10.0
MISSED_SWEEPS = 2


class Checked(dict[str, Any]):
    """What a check found, as `/readyz` shows it; also by attribute."""

    @property
    def ready(self) -> bool:
        """Whether people may be sent here."""
        return bool(self["ready"])

    @property
    def entries(self) -> int:
        """How many entries are on the record."""
        return int(self["entries"])

    @property
    def projection_lag(self) -> int:
        """How far the lists are behind the record."""
        return int(self["projection_lag"])

    @property
    def last_sweep(self) -> datetime | None:
        """When the last sweep came to its end."""
        found: datetime | None = self["last_sweep"]
        return found

    @property
    def leader(self) -> bool:
        """Whether any process leads."""
        return bool(self["leader"])

    @property
    def problems(self) -> list[str]:
        """What somebody must look into."""
        return list(self["problems"])


class Health:
    """Watches one database from one process, by the monotonic clock."""

    def __init__(
        self, services: Services, every: float, monotonic: Callable[[], float] = time.monotonic
    ) -> None:
        self._glance = Glance(services.standing)
        self._lag = LagWatch(monotonic)
        self._switch = DeadMansSwitch(services, every, monotonic)
        self._turn = Lock()
        self._last: Standing | None = None

    def check(self) -> Checked:
        """Look now; a database that hangs is told of within about a second."""
        try:
            standing = self._glance()
        except (CannotReach, CannotKeep) as wrong:
            return self._unreached(str(wrong))
        except Exception as wrong:  # noqa: BLE001 - whatever it is, all is not well
            return self._unreached(f"The database cannot be looked at ({type(wrong).__name__}).")
        with self._turn:
            self._last = standing
            problems = [
                *self._lag.problems(standing),
                *_parked(standing),
                *self._switch.problems(standing.beat),
                *_unled(standing),
                *_failed(standing.beat),
            ]
        return _checked(standing, problems)

    def close(self) -> None:
        """Wait for a look that is under way, before the services are closed."""
        self._glance.close()

    def _unreached(self, problem: str) -> Checked:
        """Tell what was last known, and that nothing is known now."""
        problems = [problem, "Until then nobody can tell whether the lists are up to date."]
        return _checked(self._last, problems)


def _checked(standing: Standing | None, problems: list[str]) -> Checked:
    beat = standing.beat if standing else None
    return Checked(
        ready=not problems,
        entries=standing.entries if standing else 0,
        projection_lag=standing.behind if standing else 0,
        last_sweep=beat.last_sweep if beat else None,
        leader=standing.led if standing else False,
        problems=problems,
    )


class LagWatch:
    """Tells lists that stand still from lists that are busy following."""

    def __init__(self, monotonic: Callable[[], float]) -> None:
        self._monotonic = monotonic
        self._waits_for: tuple[int, float] | None = None

    def problems(self, standing: Standing) -> Iterator[str]:
        """Say so if the lists did not come in time to where the record was."""
        now = self._monotonic()
        if self._waits_for is None or standing.lists_at >= self._waits_for[0]:
            self._waits_for = (standing.last_position, now) if standing.behind else None
        elif (seconds := now - self._waits_for[1]) > LONGEST_LAG:
            yield (
                f"The lists have been behind the record for {seconds:.0f} seconds, now by "
                f"{standing.behind}. Look whether a worker runs: plantrack worker."
            )


class DeadMansSwitch:
    """Notices that sweeps have stopped, also where the wall clock is set back or forward."""

    def __init__(self, services: Services, every: float, monotonic: Callable[[], float]) -> None:
        self._now = services.commands.now
        self._longest = MISSED_SWEEPS * every
        self._monotonic = monotonic
        self._looked = float("-inf")
        self._nth: int | None = None
        self._swept = 0.0

    def problems(self, beat: Beat | None) -> Iterator[str]:
        """Say so if no sweep came to its end for two intervals."""
        if beat is None:
            yield "No sweep has come to its end yet. Look whether a worker runs: plantrack worker."
            return
        ago = self._seconds_since(beat)
        if ago > self._longest:
            yield (
                f"No sweep has come to its end for {ago:.0f} seconds, so overdue things are not "
                "raised. Look whether a worker runs: plantrack worker."
            )

    def _seconds_since(self, beat: Beat) -> float:
        """Trust the wall clock for what happened since the last look, and not beyond."""
        now = self._monotonic()
        if beat.nth != self._nth:
            by_wall_clock = max(0.0, (self._now() - beat.last_sweep).total_seconds())
            self._nth = beat.nth
            self._swept = now - min(by_wall_clock, now - self._looked)
        self._looked = now
        return now - self._swept


def _parked(standing: Standing) -> Iterator[str]:
    """Count the plans, as their names are not for everybody who reads this."""
    if many := len(standing.parked):
        stand = "1 plan stands" if many == 1 else f"{many} plans stand"
        each = "it" if many == 1 else "each"
        yield (
            f"{stand} still in the lists: an entry of {each} cannot be read. Have it looked at: "
            "plantrack doctor."
        )


def _unled(standing: Standing) -> Iterator[str]:
    if not standing.led:
        yield "No process leads, so nothing is swept. Start one: plantrack worker."


def _failed(beat: Beat | None) -> Iterator[str]:
    if beat and beat.failed:
        plans = "1 plan" if beat.failed == 1 else f"{beat.failed} plans"
        yield f"The last sweep failed on {plans}. Its log names them; plantrack doctor says more."
