"""Checks the history of many writers of one symbol against what each of them was told.

Versions are totally ordered, so every rule is looked at in one pass, O(n log n) with the sorting.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

Row = tuple[int, int, str]
"""`(writer, round, bits)`: the first two name the commit that the row came with."""
GOLDEN = 0x9E37_79B9_7F4A_7C15


@dataclass(frozen=True)
class Commit:
    """What a writer was told. Times are of one monotonic clock."""

    writer: int
    round: int
    began: int
    ended: int
    outcome: int | str
    """The version that was made, or the code of the error."""

    @property
    def is_unknown(self) -> bool:
        """It may have happened at any time since it began."""
        return self.outcome == "commitStateUnknown"


@dataclass(frozen=True)
class Version:
    """What is there in the end."""

    number: int
    time: int
    operation: str
    rows: tuple[Row, ...]

    @property
    def commit(self) -> tuple[int, int]:
        """The writer and the round that it names: those of its last row."""
        return self.rows[-1][:2] if self.rows else (-1, -1)


def is_write(round: int) -> bool:
    """Whether a round replaces what was there; the others add to it."""
    return round % 8 == 0


def rows_of(writer: int, round: int) -> tuple[Row, ...]:
    """What a round commits."""
    first = writer << 40 | round << 8
    numbers = range(first, first + 1 + (writer + round) % 3)
    return tuple((writer, round, f"{number * GOLDEN % 2**64:x}") for number in numbers)


def problems(commits: list[Commit], versions: list[Version]) -> Iterator[str]:
    """Everything that is wrong."""
    versions = sorted(versions, key=lambda version: version.number)
    numbers = [version.number for version in versions]
    if numbers != list(range(len(versions))):
        yield f"numbers are not unique and dense: {numbers[:5]} ... {numbers[-5:]}"
    told = {(commit.writer, commit.round): commit for commit in commits}
    found: dict[tuple[int, int], Version] = {}
    for version in versions:
        if version.commit in found:
            yield f"{version.commit} is version {found[version.commit].number} and again version {version.number}"
        elif version.commit not in told:
            yield f"nobody made version {version.number}: {version.commit}"
        found.setdefault(version.commit, version)
    yield from outcome_problems(commits, found)
    yield from chain_problems(versions)
    yield from order_problems(versions, told)


def outcome_problems(commits: list[Commit], found: dict[tuple[int, int], Version]) -> Iterator[str]:
    """Each commit that was reported is there once, under its number; none that failed is."""
    for commit in commits:
        name = (commit.writer, commit.round)
        version = found.get(name)
        if isinstance(commit.outcome, int):
            if version is None:
                yield f"{name} was reported as version {commit.outcome} and is lost"
            elif version.number != commit.outcome:
                yield f"{name} was reported as version {commit.outcome} and is version {version.number}"
        elif version is not None and not commit.is_unknown:
            yield f"{name} was reported as failed ({commit.outcome}) and is version {version.number}"


def chain_problems(versions: list[Version]) -> Iterator[str]:
    """Each version is its predecessor and its own rows, bit for bit; times rise."""
    before: tuple[Row, ...] = ()
    time = -1
    for version in versions:
        replaces = is_write(version.commit[1])
        wanted = (() if replaces else before) + rows_of(*version.commit)
        if version.rows != wanted:
            yield f"version {version.number} has {len(version.rows)} rows that are not the {len(wanted)} meant"
        if version.operation != ("write" if replaces else "append"):
            yield f"version {version.number} is called {version.operation}"
        if version.time <= time:
            yield f"version {version.number} is not later than its predecessor"
        before, time = version.rows, version.time


def order_problems(versions: list[Version], told: dict[tuple[int, int], Commit]) -> Iterator[str]:
    """A commit that had ended when another began comes before it."""
    latest_start, latest = -1, -1
    for version in versions:
        commit = told.get(version.commit)
        if commit is None:
            continue
        if not commit.is_unknown and commit.ended < latest_start:
            yield f"version {version.number} had ended before version {latest} began"
        if commit.began > latest_start:
            latest_start, latest = commit.began, version.number
