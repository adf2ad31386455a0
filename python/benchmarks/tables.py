"""Results as Markdown: what is printed, and what docs/benchmarks.md shows."""

from __future__ import annotations

import math

from .conditions import sentence
from .goals import OURS, lines
from .results import OPERATIONS, Memory, Results
from .samples import Samples, ratio

TITLES = {
    "write": "write everything", "read": "read everything", "column": "read one column",
    "range": "read 1 % of the rows by time", "append": "append 1,000 rows",
}  # fmt: skip
STORES = {"s3": "S3", "directory": "a directory"}


def report(results: Results) -> str:
    """All sections that have something in them."""
    parts = [f"*{sentence(results.conditions)}*", goals(results), sizes(results)]
    for door in ("arrow", "pandas"):
        for store in STORES:
            parts += [operation(results, door, store, name) for name in OPERATIONS]
    parts += [traffic(results), memory(results), figures(results)]
    return "\n\n".join(part for part in parts if part) + "\n"


def table(header: list[str], rows: list[list[str]]) -> str:
    """Columns that also line up as plain text; the first is left-aligned, the others are numbers."""
    widths = [max(len(line[position]) for line in [header, *rows]) for position in range(len(header))]

    def line(cells: list[str]) -> str:
        padded = [
            cell.ljust(width) if position == 0 else cell.rjust(width)
            for position, (cell, width) in enumerate(zip(cells, widths, strict=True))
        ]
        return f"| {' | '.join(padded)} |"

    rule = [("-" * width) if position == 0 else "-" * (width - 1) + ":" for position, width in enumerate(widths)]
    return "\n".join([line(header), line(rule), *(line(row) for row in rows)])


def section(title: str, note: str, header: list[str], rows: list[list[str]]) -> str:
    """Nothing without rows."""
    if not rows:
        return ""
    return f"### {title}\n\n{note}\n\n{table(header, rows)}" if note else f"### {title}\n\n{table(header, rows)}"


def milliseconds(seconds: float) -> str:
    """Three digits that mean something."""
    return "-" if math.isnan(seconds) else f"{seconds * 1000:.{0 if seconds >= 0.1 else 1 if seconds >= 0.01 else 2}f}"


def times(value: float) -> str:
    """A ratio."""
    return "-" if math.isnan(value) else f"{value:.{1 if value >= 10 else 2}f}"


def megabytes(count: float) -> str:
    """Of 10^6 bytes."""
    return f"{count / 1e6:.{1 if count >= 1e7 else 2 if count >= 1e5 else 4}f}"


def compared(ours: Samples | None, theirs: Samples | None) -> str:
    """How many times as long theirs takes, and in brackets how many times as much processor time."""
    if ours is None or theirs is None:
        return "-"
    return f"{times(ratio(theirs.wall, ours.wall))} ({times(ratio(theirs.cpu, ours.cpu))})"


def operation(results: Results, door: str, store: str, name: str) -> str:
    """One operation of all systems on all shapes."""
    shapes, systems = results.names(door, store)
    others = [system for system in systems if system != OURS]
    rows = []
    for shape in shapes:
        found = results.find(door, store, shape, name)
        ours = found.get(OURS)
        if found:
            own = milliseconds(ours.wall) if ours else "-"
            rows.append([shape, own, *(compared(ours, found.get(other)) for other in others)])
    through = " through pandas" if door == "pandas" else ""
    return section(f"{STORES[store]}{through}: {TITLES[name]}", "", ["shape", f"{OURS}, ms", *others], rows)


def goals(results: Results) -> str:
    """Each with the shape that is furthest from it."""
    note = "The figure is that of the shape that is furthest from the goal."
    return section("Goals", note, ["goal", "wanted", "found", "where", "met"], lines(results))


def sizes(results: Results) -> str:
    """Bytes on whichever store was measured first."""
    rows = []
    stores = list(dict.fromkeys(each.store for each in results.sizes))[:1]
    systems = list(dict.fromkeys(each.system for each in results.sizes))
    for shape in dict.fromkeys(each.shape for each in results.sizes):
        those = [each for each in results.sizes if each.shape == shape and each.store in stores]
        found = {each.system: each.stored_bytes for each in those}
        cells = [megabytes(found[system]) if system in found else "-" for system in systems]
        rows.append([shape, megabytes(those[0].raw_bytes), *cells])
    return section("Stored, MB", "", ["shape", "in memory", *systems], rows)


def traffic(results: Results) -> str:
    """Requests and bytes of one operation each."""
    systems = list(dict.fromkeys(each.system for each in results.traffic))
    rows = []
    for shape in dict.fromkeys(each.shape for each in results.traffic):
        for name in OPERATIONS:
            found = {each.system: each for each in results.traffic if (each.shape, each.operation) == (shape, name)}
            cells = [
                f"{found[system].requests} / {megabytes(found[system].sent_bytes + found[system].received_bytes)}"
                if system in found
                else "-"
                for system in systems
            ]
            if found:
                rows.append([f"{shape}: {name}", *cells])
    note = "Counted on the wire, with a store that was opened afresh; bytes both ways, with HTTP's heads."
    return section("Requests / MB moved on S3", note, ["operation", *systems], rows)


def memory(results: Results) -> str:
    """Ratios to the data."""
    systems = list(dict.fromkeys(each.system for each in results.memory))
    rows = []
    for shape, name in dict.fromkeys((each.shape, each.operation) for each in results.memory):
        found = {each.system: each for each in results.memory if (each.shape, each.operation) == (shape, name)}
        cells = [peak(found[system]) if system in found else "-" for system in systems]
        rows.append([f"{shape}: {name}", megabytes(next(iter(found.values())).data_bytes), *cells])
    note = (
        "The peak of a process of its own above what it had before, as a multiple of the data (in brackets: MB); a "
        "read's peak holds its result, a write's its input."
    )
    return section("Peak memory", note, ["operation", "data, MB", *systems], rows)


def peak(found: Memory) -> str:
    """A read's peak holds its result, a write's its input beside what was added."""
    total = found.extra_bytes + (found.data_bytes if found.operation == "write" else 0)
    return f"{times(ratio(total, found.data_bytes))} ({megabytes(found.extra_bytes)})"


def figures(results: Results) -> str:
    """What is no operation on a shape."""
    systems = list(dict.fromkeys(each.system for each in results.figures))
    rows = []
    for name in dict.fromkeys(each.name for each in results.figures):
        found = {each.system: each for each in results.figures if each.name == name}
        cells = [
            f"{found[system].value:.4g} {found[system].unit}{found[system].note and f', {found[system].note}'}"
            if system in found
            else "-"
            for system in systems
        ]
        rows.append([name, *cells])
    return section("Threads, and a round trip of 20 ms", "", ["what", *systems], rows)
