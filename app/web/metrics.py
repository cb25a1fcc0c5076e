"""What is counted while the program runs, for Prometheus. Counts are those of one process: scrape each.

Belongs to the app object, not to the module, so that two programs in one process do not mix.
"""

from collections.abc import Iterable, Sized

from prometheus_client import CollectorRegistry, Gauge, Histogram, generate_latest
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.exposition import CONTENT_TYPE_PLAIN_0_0_4
from prometheus_client.process_collector import ProcessCollector
from prometheus_client.registry import Collector

from app.database import Database

MEDIA = CONTENT_TYPE_PLAIN_0_0_4
_SECONDS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10)
_METHODS = ("GET", "HEAD", "OPTIONS", "POST", "PATCH", "PUT", "DELETE")


class Metrics:
    """The counts of one program: the edge tells it of requests, the database of journals."""

    def __init__(self) -> None:
        self.registry = registry = CollectorRegistry()
        ProcessCollector(registry=registry)
        self._requests = Histogram(
            "mpp_request_seconds",
            "How long requests took, by method, route template and status",
            ["method", "route", "status"],
            buckets=_SECONDS,
            registry=registry,
        )
        self._known: dict[tuple[str, str, int], Histogram] = {}
        waits = Histogram(
            "mpp_journal_wait_seconds",
            "How long writers waited for a journal: in memory for their turn, then in the database for the lock",
            ["where"],
            buckets=_SECONDS,
            registry=registry,
        )
        self._waits = {where: waits.labels(where) for where in ("memory", "database")}
        self._holds = Histogram(
            "mpp_journal_hold_seconds",
            "How long journals were held, from the lock to the commit",
            buckets=_SECONDS,
            registry=registry,
        )
        self._groups = Histogram(
            "mpp_journal_group_size",
            "How many writers shared a transaction",
            buckets=(1, 2, 4, 8, 16, 32),
            registry=registry,
        )
        self._waiting = Gauge("mpp_journal_waiting", "Writers who wait for a journal now", registry=registry)
        self._behind = Gauge(
            "mpp_follower_behind",
            "Entries of all malls that a durable follower had not done when this process last looked",
            ["follower"],
            registry=registry,
        )
        self._streams = Gauge("mpp_streams_open", "Streams of events that are open now", registry=registry)
        self.followers: dict[str, int] = {}
        """How many entries each durable follower was behind when this process last looked."""

    def request(self, method: str, route: str, status: int, seconds: float) -> None:
        """Count a request that was answered."""
        key = (method if method in _METHODS else "other", route, status)
        if key not in self._known:
            self._known[key] = self._requests.labels(*key)
        self._known[key].observe(seconds)

    def waits(self, writers: int) -> None:
        """So many more writers (or fewer) wait now."""
        self._waiting.inc(writers)

    def waited(self, where: str, seconds: float) -> None:
        """A writer has waited."""
        self._waits[where].observe(seconds)

    def held(self, seconds: float, writers: int) -> None:
        """So many writers together have held a journal."""
        self._holds.observe(seconds)
        self._groups.observe(writers)

    def behind(self, follower: str, entries: int) -> None:
        """A durable follower is so many entries behind."""
        self.followers[follower] = entries
        self._behind.labels(follower).set(entries)

    def watch(self, database: Database, streams: Sized) -> None:
        """Show the database's pools, and how many streams are open, as they are whenever somebody looks."""
        self.registry.register(_Pools(database))
        self._streams.set_function(lambda: len(streams))

    def page(self) -> bytes:
        """All of it, in the text format."""
        return generate_latest(self.registry)


class _Pools(Collector):
    def __init__(self, database: Database) -> None:
        self._database = database

    def collect(self) -> Iterable[Metric]:
        """The pools now."""
        in_use = GaugeMetricFamily("mpp_pool_in_use", "Database connections in use now", labels=["pool"])
        size = GaugeMetricFamily("mpp_pool_size", "Database connections that may be in use", labels=["pool"])
        for name, (used, most) in self._database.pools().items():
            in_use.add_metric([name], used)
            size.add_metric([name], most)
        return in_use, size
