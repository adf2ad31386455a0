"""Runs the operations of all systems in turns on one shape and one place, and checks what they read."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pyarrow as pa

from . import shapes
from .places import Place
from .proxy import Proxy
from .results import OPERATIONS, Measurement, Results, Size, Traffic
from .samples import Samples, rotated
from .systems import System

RANGE_SHARE = 0.01
APPENDED_ROWS = 1_000


@dataclass(frozen=True)
class Plan:
    """How often, at most; fewer when the seconds are used up, but not below three."""

    repetitions: int
    seconds: float


class Round:
    """One shape on one place: `door` says what goes in and out."""

    def __init__(self, shape: str, table: pa.Table, place: Place, systems: dict[str, Callable[[], System]]) -> None:
        """Prepares the data in each system's form."""
        self.shape, self.table, self.place = shape, table, place
        self.column = table.column_names[len(table.column_names) // 2]
        self.first, self.last = shapes.middle(table, RANGE_SHARE)
        self.part = shapes.between(table, self.first, self.last)
        self.more = shapes.following(table, min(APPENDED_ROWS, table.num_rows))
        self.systems = {name: make() for name, make in systems.items()}
        # The same data in the same form is kept once.
        self.data = {name: (each.prepare(table), each.prepare(self.more)) for name, each in self.systems.items()}

    def measure(self, results: Results, door: str, store: str, plan: Plan, wanted: list[str]) -> None:
        """Times the wanted operations."""
        self._warm_up()
        samples = {(name, operation): Samples() for name in self.systems for operation in wanted}
        ends = time.monotonic() + plan.seconds
        for repetition in range(plan.repetitions):
            if repetition >= 3 and time.monotonic() > ends:
                break
            for name in rotated(list(self.systems), repetition):
                place = self.place.below(name.lower())
                self._run(name, place, f"symbol{repetition}", {o: samples[name, o].run for o in wanted})
                if repetition == 0 and door == "arrow":
                    stored = self.systems[name].byte_count("symbol0")
                    results.sizes.append(Size(store, self.shape, name, stored, self.table.nbytes))
        results.measurements += [
            Measurement(door, store, self.shape, name, operation, each) for (name, operation), each in samples.items()
        ]

    def count_traffic(self, results: Results) -> None:
        """One more pass through a proxy that counts; not timed."""
        with Proxy(self.place.port) as proxy:
            for name in self.systems:
                place = self.place.below(f"{name.lower()}-counted").through(proxy.port)
                counted: dict[str, Any] = {}

                def counting(operation: str, counted: dict[str, Any] = counted) -> Callable[[Callable[[], Any]], Any]:
                    def run(action: Callable[[], Any]) -> Any:
                        proxy.take()
                        result = action()
                        counted[operation] = proxy.take()
                        return result

                    return run

                self._run(name, place, "counted", {operation: counting(operation) for operation in OPERATIONS})
                results.traffic += [
                    Traffic(self.shape, name, operation, each.requests, each.sent_bytes, each.received_bytes)
                    for operation, each in counted.items()
                ]

    def _warm_up(self) -> None:
        """Modules that are loaded at first use, thread pools, the proof of a store's conditional writes."""
        small = self.table.slice(0, min(100, self.table.num_rows)).combine_chunks()
        for name, system in self.systems.items():
            system.open(self.place.below(name.lower()))
            system.write("warm-up", system.prepare(small))
            shapes.expect_equal(system.table(system.read("warm-up")), small, f"{name} warm-up")

    def _run(self, name: str, place: Place, symbol: str, run: dict[str, Callable[[Callable[[], Any]], Any]]) -> None:
        """All operations of one system on a new symbol; `run` has those that are wanted."""
        system = self.systems[name]
        data, more = self.data[name]

        def reading(operation: str, action: Callable[[], Any], expected: pa.Table) -> None:
            if operation in run:
                system.open(place)
                found = system.table(run[operation](action))
                shapes.expect_equal(found, expected, f"{name} {operation} of {self.shape}")

        system.open(place)
        run.get("write", _plainly)(lambda: system.write(symbol, data))
        reading("read", lambda: system.read(symbol), self.table)
        column = self.table.select(["time", self.column])
        reading("column", lambda: system.read_column(symbol, self.column), column)
        reading("range", lambda: system.read_range(symbol, self.first, self.last), self.part)
        if "append" in run:
            system.open(place)
            run["append"](lambda: system.append(symbol, more))
            end = self.table["time"][-1].value + 1
            added = system.table(system.read_range(symbol, end, self.more["time"][-1].value))
            shapes.expect_equal(added, self.more, f"{name} append to {self.shape}")


def _plainly(action: Callable[[], Any]) -> Any:
    return action()
