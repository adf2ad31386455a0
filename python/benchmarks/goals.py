"""What Sterna sets out to reach, held against a run: for each goal the shape that is furthest from it."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

from .results import Results
from .samples import ratio

OURS = "Sterna"

Found = list[tuple[str, float]]
"""A name, mostly a shape's, and its figure."""


@dataclass(frozen=True)
class Goal:
    """`limit` is the least that is wanted, or with `at_most` the most."""

    title: str
    limit: float
    figures: Callable[[Results], Found]
    at_most: bool = False

    def line(self, results: Results) -> list[str] | None:
        """Goal, what is wanted, what was found, whether it is met; nothing where nothing was measured."""
        found = [each for each in self.figures(results) if not math.isnan(each[1])]
        if not found:
            return None
        name, worst = (max if self.at_most else min)(found, key=lambda each: each[1])
        is_met = worst <= self.limit if self.at_most else worst >= self.limit
        sign = "<=" if self.at_most else ">="
        return [self.title, f"{sign} {self.limit:g}", f"{worst:.3g}", name, "yes" if is_met else "no"]


def faster(door: str, store: str, operation: str, other: str, only: str | None = None) -> Callable[[Results], Found]:
    """Their time as a multiple of Sterna's, shape by shape."""

    def figures(results: Results) -> Found:
        found = []
        for shape in results.names(door, store)[0]:
            samples = results.find(door, store, shape, operation)
            if OURS in samples and other in samples and only in (None, shape):
                found.append((shape, ratio(samples[other].wall, samples[OURS].wall)))
        return found

    return figures


def smaller(results: Results) -> Found:
    """Sterna's bytes as a multiple of the least that any other needs."""
    found = []
    for shape in dict.fromkeys(each.shape for each in results.sizes):
        sizes = {each.system: each.stored_bytes for each in results.sizes if each.shape == shape}
        others = [size for system, size in sizes.items() if system != OURS]
        if OURS in sizes and others:
            found.append((shape, ratio(sizes[OURS], min(others))))
    return found


SHARES_OF_PARQUET = {"quotes": 0.536, "trades": 0.633, "wide": 0.478, "doubles": 0.684, "texts": 0.803}
"""The bytes set as a goal for data of these kinds, as shares of Parquet's with zstd for the same data: how well data
can be packed depends on what a generator calls random, the share hardly does."""


def as_small_as_wanted(results: Results) -> Found:
    """Sterna's bytes as a multiple of the share of Parquet's that the goal leaves them."""
    found = []
    for shape, share in SHARES_OF_PARQUET.items():
        sizes = {each.system: each.stored_bytes for each in results.sizes if each.shape == shape}
        if {OURS, "Polars"} <= sizes.keys():
            found.append((shape, ratio(sizes[OURS], share * sizes["Polars"])))
    return found


def column_share(results: Results) -> Found:
    """The percentage of a whole read's bytes that reading one column of the wide shape moves."""
    those = {each.operation: each for each in results.traffic if (each.shape, each.system) == ("wide", OURS)}
    if not {"column", "read"} <= those.keys():
        return []
    return [("wide", 100 * ratio(those["column"].received_bytes, those["read"].received_bytes))]


def read_memory(results: Results) -> Found:
    """The peak of a read as a multiple of its result."""
    those = [each for each in results.memory if (each.system, each.operation) == (OURS, "read")]
    return [(each.shape, ratio(each.extra_bytes, each.data_bytes)) for each in those]


def figure(word: str) -> Callable[[Results], Found]:
    """A single figure of Sterna's."""
    return lambda results: [(OURS, each.value) for each in results.figures if word in each.name and each.system == OURS]


def appends(results: Results) -> Found:
    """ArcticDB's time for the appends as a multiple of Sterna's."""
    seconds = {each.system: each.value for each in results.figures if "appends of" in each.name}
    return [("ArcticDB", ratio(seconds["ArcticDB"], seconds[OURS]))] if {"ArcticDB", OURS} <= seconds.keys() else []


GOALS = [
    Goal("stored: bytes / the smallest other's", 1, smaller, at_most=True),
    Goal("stored: bytes / the share of Parquet's that is wanted", 1, as_small_as_wanted, at_most=True),
    Goal("S3, read everything: ArcticDB / Sterna", 2, faster("arrow", "s3", "read", "ArcticDB")),
    Goal("S3, write everything: ArcticDB / Sterna", 1.2, faster("arrow", "s3", "write", "ArcticDB")),
    Goal("S3, one column of 500: ArcticDB / Sterna", 8, faster("arrow", "s3", "column", "ArcticDB", "wide")),
    Goal("S3, one column of 500: % of a read's bytes", 3, column_share, at_most=True),
    Goal("directory, read everything: Vortex / Sterna", 0.8, faster("arrow", "directory", "read", "Vortex")),
    Goal("S3 through pandas, read: ArcticDB / Sterna", 2, faster("pandas", "s3", "read", "ArcticDB")),
    Goal("S3 through pandas, write: ArcticDB / Sterna", 1.2, faster("pandas", "s3", "write", "ArcticDB")),
    Goal("peak memory of a read / its result", 1.3, read_memory, at_most=True),
    Goal("8 threads / 1 thread", 1.7, figure("8 threads")),
    Goal("import sterna: ms", 50, figure("import sterna"), at_most=True),
    Goal("open and read 100 rows: round trips", 3, figure("open the store"), at_most=True),
    Goal("appends at 20 ms: ArcticDB / Sterna", 5, appends),
]


def lines(results: Results) -> list[list[str]]:
    """Of all goals that the run says something about."""
    return [line for goal in GOALS if (line := goal.line(results)) is not None]
