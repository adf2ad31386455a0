"""Times, medians and ratios."""

from __future__ import annotations

import gc
import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, TypeVar

Name = TypeVar("Name")


@dataclass
class Samples:
    """How long one operation of one system took, each time that it ran."""

    wall_seconds: list[float] = field(default_factory=list)
    cpu_seconds: list[float] = field(default_factory=list)
    """Of this process, all threads: what a busy machine distorts least."""

    def run(self, action: Callable[[], Any]) -> Any:
        """Times the action once; nothing else is collected or freed meanwhile."""
        gc.collect()
        gc.disable()
        try:
            wall, cpu = time.perf_counter(), time.process_time()
            result = action()
            self.cpu_seconds.append(time.process_time() - cpu)
            self.wall_seconds.append(time.perf_counter() - wall)
        finally:
            gc.enable()
        return result

    @property
    def wall(self) -> float:
        """The median."""
        return median(self.wall_seconds)

    @property
    def cpu(self) -> float:
        """The median."""
        return median(self.cpu_seconds)


def median(values: list[float]) -> float:
    """The middle value, or the mean of the two in the middle; NaN of none."""
    return statistics.median(values) if values else float("nan")


def ratio(theirs: float, ours: float) -> float:
    """How many times as much theirs is; NaN where that cannot be said."""
    return theirs / ours if ours > 0 else float("nan")


def rotated(names: list[Name], repetition: int) -> list[Name]:
    """The order of a repetition: each system is first, last and in between equally often."""
    if not names:
        return []
    start = repetition % len(names)
    return names[start:] + names[:start]
