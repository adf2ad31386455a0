"""Old versions, garbage, and whether all is well."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from . import _ranges
from ._library_base import LibraryBase


@dataclass(frozen=True, slots=True)
class CollectionFailure:
    """A symbol whose collection was given up. Nothing of it was deleted on a doubt."""

    symbol: str
    code: str
    message: str


@dataclass(frozen=True, slots=True)
class CollectionResult:
    """What a garbage collection did; of a dry run, what it would do."""

    symbol_count: int
    """Symbols that were looked at."""
    kept_block_count: int
    kept_byte_count: int
    deleted_block_count: int
    deleted_byte_count: int
    withdrawn_snapshots: list[str]
    """Snapshots that were never completed, and name a version that is gone."""
    failures: list[CollectionFailure]


@dataclass(frozen=True, slots=True)
class Problem:
    """Something that is not as it should be."""

    kind: str
    """`missing`, `corrupt`, `inconsistent` or `unsupported`."""
    key: str
    """The object."""
    what: str
    location: str
    """What needs the object: a symbol and version, or a snapshot."""


@dataclass(frozen=True, slots=True)
class VerificationResult:
    """What a verification found."""

    problems: list[Problem]
    symbol_count: int
    snapshot_count: int
    version_count: int
    block_count: int
    byte_count: int
    unreferenced_block_count: int
    """Blocks that nothing leads to: no problem, `collect` deletes them."""
    unreferenced_byte_count: int

    @property
    def is_clean(self) -> bool:
        """Whether there is no problem."""
        return not self.problems


class Upkeep(LibraryBase):
    """The methods of `Library` that delete what is old, and verify the rest."""

    def prune(
        self, symbol: str, *, keep_last: int | None = None, keep_days: int | None = None,
        keep_daily: int | None = None, dry_run: bool = False,
    ) -> list[int]:  # fmt: skip
        """Deletes the versions of a symbol that no rule keeps, in one commit; returns their numbers.

        `keep_last`: the newest so many; `keep_days`: those that were the newest at some time in the last so many days;
        `keep_daily`: the last of each of so many days (UTC). The newest stays always, and without a rule it alone. What
        a snapshot holds stays readable there. The bytes go with the next `collect`.

        >>> import numpy as np, sterna
        >>> library = sterna.Store("memory://prune-example").create_library("numbers")
        >>> for digits in range(1, 5):
        ...     item = library.write("pi", np.array([3, 1, 4, 1][:digits]))
        >>> library.prune("pi", keep_last=2)
        [0, 1]
        """
        rules = {"keep_last": keep_last, "keep_days": keep_days, "keep_daily": keep_daily}
        options: dict[str, Any] = {
            name: None if count is None else _ranges.count_of(count, name) for name, count in rules.items()
        }
        deleted: list[int] = self._handle.call("library_prune", symbol, {**options, "dry_run": dry_run or None}).json
        return deleted

    def collect(self, symbol: str | None = None, *, dry_run: bool = False) -> CollectionResult:
        """Deletes the data that no version and no snapshot leads to any more, of a symbol or of the whole library.

        Writers may go on meanwhile. Whoever reads a version that was deleted may be told that it is gone.

        >>> import numpy as np, sterna
        >>> library = sterna.Store("memory://collect-example").create_library("numbers")
        >>> item = library.write("noise", np.random.default_rng(1).random(100_000))
        >>> library.delete("noise")
        >>> library.collect().deleted_block_count > 0
        True
        """
        found = self._handle.call("library_collect", None, {"symbol": symbol, "dry_run": dry_run or None}).json
        del found["resume_after"]
        return CollectionResult(**{**found, "failures": [CollectionFailure(**each) for each in found["failures"]]})

    def verify(self, symbol: str | None = None, thoroughness: str = "hashes") -> VerificationResult:
        """Reads a library, or a symbol, and says what in it is not as it should be.

        `thoroughness`: "references" asks whether the objects are there, with their sizes; "hashes" reads and hashes
        every object; "data" also decodes every column, and holds its statistics against the values.

        >>> import numpy as np, sterna
        >>> library = sterna.Store("memory://verify-example").create_library("numbers")
        >>> item = library.write("pi", np.array([3, 1, 4]))
        >>> library.verify(thoroughness="data").is_clean
        True
        """
        found = self._handle.call("library_verify", None, {"symbol": symbol, "thoroughness": thoroughness}).json
        return VerificationResult(**{**found, "problems": [Problem(**each) for each in found["problems"]]})
