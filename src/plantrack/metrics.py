"""Measures for Prometheus. No label names a plan, a child or a person."""

from collections.abc import Iterator, Mapping

from prometheus_client import CollectorRegistry, Counter, Histogram, generate_latest
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector

from plantrack.application.services import Glance, Services, Standing
from plantrack.projections import alerts

SWEEP_SECONDS = (0.01, 0.05, 0.1, 0.5, 1, 5, 10, 30, 60, 300)
ANSWER_SECONDS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10)


class Metrics:
    """What one process measures, and what it finds in the database when it is asked."""

    def __init__(self, services: Services) -> None:
        registry = self._registry = CollectorRegistry()
        self._found = Found(services)
        registry.register(self._found)
        self._sweeps = Histogram(
            "plantrack_sweep_seconds",
            "How long sweeps took.",
            buckets=SWEEP_SECONDS,
            registry=registry,
        )
        self._raised = Counter(
            "plantrack_alerts_raised", "Alerts raised by this process.", ["rule"], registry=registry
        )
        self._answers = Histogram(
            "plantrack_http_seconds",
            "How long answers took, by route.",
            ["route", "method", "status"],
            buckets=ANSWER_SECONDS,
            registry=registry,
        )

    def swept(self, seconds: float, raised: Mapping[str, int]) -> None:
        """Measure a sweep of this process."""
        self._sweeps.observe(seconds)
        for rule, number in raised.items():
            self._raised.labels(rule).inc(number)

    def answered(self, route: str, method: str, status: int, seconds: float) -> None:
        """Measure an answer, by the template of its route."""
        self._answers.labels(route, method, str(status)).observe(seconds)

    def exposition(self) -> bytes:
        """Give all measures in Prometheus's text form."""
        return generate_latest(self._registry)

    def close(self) -> None:
        """Wait for a look that is under way, before the services are closed."""
        self._found.close()


class Found(Collector):
    """What is found in the database; where it does not answer, only that it does not."""

    def __init__(self, services: Services) -> None:
        self._services = services
        self._glance = Glance(self._look)

    def describe(self) -> Iterator[GaugeMetricFamily]:
        """Name nothing beforehand, so that nobody is asked when this is registered."""
        return iter(())

    def collect(self) -> Iterator[GaugeMetricFamily]:
        """Measure what is there now."""
        try:
            standing, by_rule = self._glance()
        except Exception:  # noqa: BLE001 - that it does not answer is the measure
            yield _gauge("up", "Whether the database answers.", 0)
            return
        yield _gauge("up", "Whether the database answers.", 1)
        yield from self._standing(standing)
        opened = GaugeMetricFamily("plantrack_open_alerts", "Open alerts.", labels=["rule"])
        for rule, number in by_rule.items():
            opened.add_metric([rule], number)
        yield opened

    def close(self) -> None:
        """Wait for a look that is under way."""
        self._glance.close()

    def _look(self) -> tuple[Standing, dict[str, int]]:
        standing = self._services.standing()
        with self._services.models.reading() as reading:
            return standing, alerts.open_by_rule(reading)

    def _standing(self, standing: Standing) -> Iterator[GaugeMetricFamily]:
        yield _gauge("entries", "Entries on the record.", standing.entries)
        yield _gauge("projection_lag", "Positions the lists are behind.", standing.behind)
        yield _gauge("parked_plans", "Plans that cannot be read.", len(standing.parked))
        yield _gauge("led", "Whether any process leads.", int(standing.led))
        if beat := standing.beat:
            ago = (self._services.commands.now() - beat.last_sweep).total_seconds()
            yield _gauge("seconds_since_last_sweep", "Since a sweep came to its end.", ago)
            yield _gauge("failed_plans", "Plans the last sweep failed on.", beat.failed)


def _gauge(name: str, says: str, value: float) -> GaugeMetricFamily:
    return GaugeMetricFamily(f"plantrack_{name}", says, value=value)
