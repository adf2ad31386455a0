"""The Python package as people use it: its import, threads, and a server that is 20 ms away."""

from __future__ import annotations

import subprocess
import sys
import threading
import time
from collections.abc import Callable
from functools import partial
from typing import Any

import pyarrow as pa

from . import shapes
from .places import Place
from .proxy import Proxy
from .results import Figure, Results
from .samples import Samples, ratio, rotated
from .systems import PANDAS, System

ROUND_TRIP = 0.02
ROWS_PER_APPEND = 1_000
READS_PER_THREAD = 25


def import_time(results: Results, repetitions: int) -> None:
    """What `import sterna` adds to the start of Python, of processes that do nothing else."""
    empty, importing = Samples(), Samples()
    for _ in range(repetitions):
        for samples, program in ((empty, "pass"), (importing, "import sterna")):
            samples.run(partial(subprocess.run, [sys.executable, "-c", program], check=True))
    milliseconds = (importing.wall - empty.wall) * 1000
    results.figures.append(
        Figure("import sterna", "Sterna", milliseconds, "ms", f"Python alone {empty.wall * 1000:.0f} ms")
    )


def threads(results: Results, place: Place, repetitions: int) -> None:
    """Eight threads that read a symbol each, many times, against one that does all of it.

    The symbols are of one segment: a read of many uses all cores by itself, whatever Python's threads do. The place is
    best a folder: a server on this machine would take its share of the same cores.
    """
    system = PANDAS["Sterna"]()
    system.open(place.below("threads"))
    data = system.prepare(shapes.wide(50_000).select(range(9)))
    names = [f"symbol{number}" for number in range(8)]
    for name in names:
        system.write(name, data)

    def work(name: str) -> None:
        for _ in range(READS_PER_THREAD):
            system.read(name)

    works: list[Callable[[], None]] = [partial(work, name) for name in names]
    alone, together = Samples(), Samples()
    for _ in range(repetitions):
        alone.run(lambda: _one_by_one(works))
        together.run(lambda: _at_once(works))
    results.figures.append(
        Figure(
            "8 threads read 8 symbols: times as fast as one thread", "Sterna", ratio(alone.wall, together.wall), "x",
            f"{alone.wall * 1000:.0f} and {together.wall * 1000:.0f} ms; one thread uses "
            f"{ratio(alone.cpu, alone.wall):.2f} cores",
        )
    )  # fmt: skip


def _one_by_one(works: list[Callable[[], None]]) -> None:
    for work in works:
        work()


def _at_once(works: list[Callable[[], None]]) -> None:
    workers = [threading.Thread(target=work) for work in works]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()


def far_away(results: Results, place: Place, appends: int, repetitions: int) -> None:
    """Opening and reading a small symbol, and many small appends, through a round trip of 20 ms."""
    systems = {name: PANDAS[name]() for name in ("Sterna", "ArcticDB")}
    small = shapes.trades(100)
    more = _pieces(appends + 1)
    for name, system in systems.items():
        system.open(place.below(f"far-{name.lower()}"))
        system.write("small", system.prepare(small))
    _round_trips(results, place, small, repetitions)
    with Proxy(place.port, ROUND_TRIP * 1000) as proxy:
        for name, system in systems.items():
            pieces = [system.prepare(each) for each in more]
            seconds, count = _append_all(system, place.below(f"far-{name.lower()}").through(proxy.port), pieces, proxy)
            shapes.expect_equal(system.table(system.read("appended")), pa.concat_tables(more), f"{name} appends")
            title = f"{appends} appends of {ROWS_PER_APPEND:,} rows"
            results.figures.append(Figure(title, name, seconds, "s", f"{count / appends:.2f} requests each"))


def _round_trips(results: Results, place: Place, small: pa.Table, repetitions: int) -> None:
    """How many round trips opening and reading wait for: what the time grows by behind a delay, in whole delays.

    So the server's and the client's own work, which is the same with and without it, is not taken for a round trip.
    """
    with Proxy(place.port) as near, Proxy(place.port, ROUND_TRIP * 1000) as far:
        times = {(name, proxy): Samples() for name in ("Sterna", "ArcticDB") for proxy in (near, far)}
        requests = {}
        for repetition in range(repetitions):
            for name, proxy in rotated(list(times), repetition):
                there = place.below(f"far-{name.lower()}").through(proxy.port)
                requests[name] = _open_and_read(name, there, proxy, times[name, proxy], small)
        for name, count in requests.items():
            whole = times[name, far].wall
            more = whole - times[name, near].wall
            results.figures.append(
                Figure(
                    "open the store and read 100 rows", name, round(more / ROUND_TRIP), "round trips",
                    f"{count} requests, {more * 1000:.1f} ms more than without a delay, {whole * 1000:.0f} ms in all",
                )
            )  # fmt: skip


def _pieces(count: int) -> list[pa.Table]:
    table = shapes.trades(count * ROWS_PER_APPEND)
    return [table.slice(number * ROWS_PER_APPEND, ROWS_PER_APPEND).combine_chunks() for number in range(count)]


def _open_and_read(name: str, place: Place, proxy: Proxy, samples: Samples, expected: pa.Table) -> int:
    """A store, a library and a read: everything that a program does first."""
    system = PANDAS[name]()
    proxy.take()

    def action() -> Any:
        system.open(place)
        return system.read("small")

    result = samples.run(action)
    shapes.expect_equal(system.table(result), expected, f"{name} far away")
    return proxy.take().requests


def _append_all(system: System, place: Place, pieces: list[Any], proxy: Proxy) -> tuple[float, int]:
    system.open(place)
    system.write("appended", pieces[0])
    proxy.take()
    append: Callable[[str, Any], None] = system.append
    began = time.perf_counter()
    for piece in pieces[1:]:
        append("appended", piece)
    return time.perf_counter() - began, proxy.take().requests
