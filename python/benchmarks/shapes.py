"""The data that is measured: generated shapes like those that people keep, and real ticks where they are at hand."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.csv
import pyarrow.types

Floats = np.ndarray[tuple[int], np.dtype[np.float64]]

# 7 October 2013, 9:30 in New York.
START = 1_381_152_600 * 10**9


@dataclass(frozen=True)
class Shape:
    """A table that is indexed by its first column, `time`; `make` takes the number of rows."""

    name: str
    row_count: int
    make: Callable[[int], pa.Table]
    description: str

    def table(self, quick: bool) -> pa.Table:
        """The data in one chunk; a tenth of the rows when in a hurry."""
        return self.make(self.row_count // 10 if quick else self.row_count).combine_chunks()


def middle(table: pa.Table, share: float) -> tuple[int, int]:
    """The first and the last instant of a share of the rows, in the middle."""
    times = table["time"]
    half = max(1, int(table.num_rows * share / 2))
    center = table.num_rows // 2
    return times[center - half].value, times[min(center + half, table.num_rows - 1)].value


def between(table: pa.Table, first: int, last: int) -> pa.Table:
    """The rows from one instant to another, both included."""
    times = table["time"].to_numpy().view(np.int64)
    start, end = np.searchsorted(times, first, "left"), np.searchsorted(times, last, "right")
    return table.slice(int(start), int(end - start))


def following(table: pa.Table, row_count: int) -> pa.Table:
    """Rows like the first ones, behind the end."""
    rows = table.slice(0, row_count)
    times = rows["time"].to_numpy().view(np.int64)
    moved = times - times[0] + table["time"][-1].value + 10**9
    return rows.set_column(0, "time", _instants(moved)).combine_chunks()


def _instants(nanoseconds: np.ndarray) -> pa.Array:
    return pa.array(nanoseconds.astype(np.int64), pa.timestamp("ns"))


def _walk(random: np.random.Generator, start_cents: int, rows: int, calm: int) -> Floats:
    """Prices in cents; `calm` is how many of the steps are 0 for each one up and one down."""
    steps = random.integers(0, calm + 2, rows)
    cents = start_cents + np.cumsum((steps == 0).astype(np.int64) - (steps == 1))
    return np.round(cents / 100, 2)


def _chosen(random: np.random.Generator, words: list[str], weights: list[float], rows: int) -> pa.Array:
    codes = random.choice(len(words), rows, p=np.array(weights) / sum(weights)).astype(np.int32)
    return pa.DictionaryArray.from_arrays(codes, words).cast(pa.string())


def quotes(rows: int) -> pa.Table:
    """One side at a time, so zeros alternate; prices in cents; bursts within a millisecond."""
    random = np.random.default_rng(1)
    milliseconds = np.cumsum(np.where(random.random(rows) < 0.35, random.integers(1, 40, rows), 0))
    side = (np.arange(rows) + (random.random(rows) < 0.08)) % 2
    bid = _walk(random, 4_900, rows, 30)
    lots = np.maximum(1, 12 + np.cumsum(random.integers(-1, 2, rows)) % 40)
    return pa.table({
        "time": _instants(START + milliseconds * 10**6),
        "bid": np.where(side == 0, bid, 0.0),
        "bid_size": np.where(side == 0, lots * 100, 0),
        "ask": np.where(side == 1, np.round(bid + 0.01, 2), 0.0),
        "ask_size": np.where(side == 1, lots * 100, 0),
        "exchange": _chosen(random, list("NQPZKTB"), [8, 6, 6, 5, 4, 2, 1], rows),
        "condition": _chosen(random, ["R", "", "O", "C"], [1000, 20, 1, 1], rows),
    })  # fmt: skip


def trades(rows: int) -> pa.Table:
    """Prices in cents, round lots and odd ones, few exchanges."""
    random = np.random.default_rng(2)
    milliseconds = np.cumsum(np.where(random.random(rows) < 0.5, random.integers(1, 90, rows), 0))
    odd = random.random(rows) < 0.15
    return pa.table({
        "time": _instants(START + milliseconds * 10**6),
        "price": _walk(random, 16_740, rows, 6),
        "size": np.where(odd, random.integers(1, 100, rows), (random.pareto(1.5, rows) + 1).astype(np.int64) * 100),
        "exchange": _chosen(random, list("PQNTZBK"), [9, 7, 5, 4, 4, 2, 2], rows),
        "condition": _chosen(random, ["@", "@ F", "@ I", "@4 W", ""], [50, 30, 15, 4, 1], rows),
    })  # fmt: skip


def wide(rows: int) -> pa.Table:
    """500 prices that walk in cents."""
    random = np.random.default_rng(3)
    columns = {f"price{number:03}": _walk(random, 10_000, rows, 3) for number in range(500)}
    return pa.table({"time": _instants(START + np.arange(rows) * 60 * 10**9), **columns})


def doubles(rows: int) -> pa.Table:
    """Uniform doubles: nothing to save but what their making leaves."""
    values = np.random.default_rng(4).random(rows)
    return pa.table({"time": _instants(START + np.arange(rows) * 10**9), "value": values})


def texts(rows: int) -> pa.Table:
    """Strings of high cardinality with ints and doubles."""
    random = np.random.default_rng(5)
    names = pa.array([f"user-{number:07}" for number in range(1_000_000)])
    return pa.table({
        "time": _instants(START + np.arange(rows) * 10**6),
        "user": names.take(pa.array(random.integers(0, len(names), rows))),
        "count": random.integers(0, 1_000, rows),
        "number": random.integers(0, 2**40, rows),
        "amount": random.normal(100, 15, rows),
    })  # fmt: skip


GENERATED = [
    Shape("quotes", 2_750_000, quotes, "quotes: one side at a time, cents, strings; 7 columns"),
    Shape("trades", 1_890_000, trades, "trades: cents, lots, strings; 5 columns"),
    Shape("wide", 50_000, wide, "500 prices that walk in cents"),
    Shape("doubles", 10_000_000, doubles, "1 column of uniform doubles"),
    Shape("texts", 5_000_000, texts, "strings of 1,000,000 kinds, ints, doubles"),
]


def real(folder: Path | None = None) -> list[Shape]:
    """Ticks of 2013, where the whole files lie beside the project or in STERNA_QUICKSTART_DATA."""
    folder = folder or Path(os.environ.get("STERNA_QUICKSTART_DATA") or Path(__file__).parents[3] / "shared" / "data")
    files = {
        "aig-quotes": ["aig-quotes-20131007.csv.gz"],
        "spy-trades": ["spy-trades-20131007.csv.gz", "spy-trades-20131008.csv.gz"],
    }
    shapes = []
    for name, names in files.items():
        paths = [folder / each for each in names]
        if all(path.exists() for path in paths):
            rows = {"aig-quotes": 1_079_935, "spy-trades": 702_146}[name]
            shapes.append(Shape(name, rows, _reader(paths), f"real: {', '.join(names)}"))
    return shapes


def _reader(paths: list[Path]) -> Callable[[int], pa.Table]:
    def read(rows: int) -> pa.Table:
        types = {"time": pa.timestamp("ns"), "exchange": pa.string(), "condition": pa.string()}
        options = pyarrow.csv.ConvertOptions(column_types=types)
        return pa.concat_tables(pyarrow.csv.read_csv(path, convert_options=options) for path in paths).slice(0, rows)

    return read


def comparable(table: pa.Table, like: pa.Table) -> pa.Table:
    """The same values with the types that were written: systems give texts back as other Arrow types."""
    columns = []
    for field in like.schema:
        column = table[field.name]
        if pyarrow.types.is_dictionary(column.type):
            column = column.cast(column.type.value_type)
        columns.append(column if column.type == field.type else column.cast(field.type))
    return pa.table(columns, names=like.column_names)


def expect_equal(found: pa.Table, expected: pa.Table, what: str) -> None:
    """Stops the benchmark when what was read is not what was written."""
    if found.num_rows != expected.num_rows:
        raise AssertionError(f"{what}: {found.num_rows} rows instead of {expected.num_rows}")
    found = comparable(found, expected)
    for name in expected.column_names:
        if not found[name].equals(expected[name]):
            raise AssertionError(f"{what}: column {name} differs from what was written")
