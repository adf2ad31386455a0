"""Moving over from other systems.

    import sterna as st
    from sterna import migrate

    migrate.from_arcticdb("lmdb:///data/arctic", "ticks", st.Store("s3://market-data/prod"))

The `arcticdb` package must be installed. A copy that was interrupted goes on where it stopped when it is called again.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from . import _log, _pickles, _tree
from ._envelope import Envelope
from ._layout import Layout
from ._prepare import Prepared, prepare
from ._progress import bar
from .exceptions import (
    AlreadyExistsException,
    ArcticUnsupportedDataTypeException,
    NoSuchSymbolException,
    SchemaMismatchException,
    SortingException,
)
from .library import Library
from .store import Store

__all__ = ["Report", "from_arcticdb"]


@dataclass(slots=True)
class Report:
    """What a copy did."""

    versions_copied: int = 0
    versions_present: int = 0
    """Those that an earlier run had copied."""
    snapshots_copied: int = 0
    pickled_symbols: list[str] = field(default_factory=list)
    """Left out because they hold pickles and `allow_pickle` was not given."""
    missing_values_made_none: dict[str, set[str]] = field(default_factory=dict)
    """Columns that mixed None and NaN, which are stored as one kind: they have None in the copy."""
    failures: dict[str, str] = field(default_factory=dict)
    """Why a symbol was not copied, or not wholly."""

    def __str__(self) -> str:
        """One line, and one for each symbol that was left out."""
        lines = [
            f"{self.versions_copied:,} versions and {self.snapshots_copied:,} snapshots copied, "
            f"{self.versions_present:,} versions were there"
        ]
        lines += [f"{symbol}: pickled, left out (allow_pickle=True copies it)" for symbol in self.pickled_symbols]
        lines += [
            f"{symbol}: None for NaN in {', '.join(sorted(columns))}, where both were mixed"
            for symbol, columns in self.missing_values_made_none.items()
        ]
        return "\n".join(lines + [f"{symbol}: {why}" for symbol, why in self.failures.items()])


def from_arcticdb(
    uri: str,
    library: str,
    store: Store,
    *,
    into: str | None = None,
    symbols: Iterable[str] | None = None,
    allow_pickle: bool = False,
    snapshots: bool = True,
    progress: bool | None = None,
) -> Report:
    """Copies a library of ArcticDB: symbols, versions, metadata and snapshots.

    `uri` and `library` say where it is, as ArcticDB is told; it is only read. `into` names the new library, which is
    made with the same choice of schema where it does not exist; its name is the old one unless given. Versions come in
    their order and are numbered anew from 0 where ArcticDB had deleted some.

    `allow_pickle` also copies symbols that ArcticDB had to pickle: reading them runs whatever code their writers put
    there. They are pickles in the new library too, unless they turn out to be something that can be stored.

    A symbol that cannot be copied is reported, and the others go on. `progress` shows a bar always or never; otherwise
    it is shown on terminals, where tqdm is installed.
    """
    import arcticdb

    source = arcticdb.Arctic(uri)[library]
    target = store.get_library(into or library, create_if_missing=True)
    if source.options().dynamic_schema and not target.options().dynamic_schema:
        store.modify_library_option(target, "dynamic_schema", True)
    copy = _Copy(source, target, allow_pickle)
    if snapshots:
        copy.look_at_snapshots()
    names = sorted({*source.list_symbols(), *copy.symbols_in_snapshots()} if symbols is None else set(symbols))
    with bar(len(names), f"copying {library}", is_shown=progress) as shown:
        for name in names:
            shown.set_description(name)
            copy.symbol(name)
            shown.update()
    copy.finish_snapshots()
    _log.tell(_log.INFO, "%s", copy.report)
    return copy.report


class _PickledError(Exception):
    """A symbol is left out."""


class _Copy:
    """A copy under way."""

    def __init__(self, source: Any, target: Library, allow_pickle: bool) -> None:
        self.source = source
        self.target = target
        self.allow_pickle = allow_pickle
        self.report = Report()
        self.held: dict[str, dict[str, int]] = {}
        """The versions of each snapshot that is still to be copied, by symbol."""
        self.metadata: dict[str, Any] = {}
        self.numbers: dict[str, dict[int, int]] = {}
        """The new number of each version, by symbol."""
        self.deletions: list[tuple[str, list[int] | None]] = []
        """What only snapshots hold: deleted once they do."""

    # ---- Snapshots

    def look_at_snapshots(self) -> None:
        """Finds out what the snapshots hold that an earlier run has not copied."""
        present = set(self.target.list_snapshots(load_metadata=False))
        self.metadata = {name: data for name, data in self.source.list_snapshots().items() if name not in present}
        for name in self.metadata:
            self.held[name] = {key.symbol: key.version for key in self.source.list_versions(snapshot=name)}

    def symbols_in_snapshots(self) -> set[str]:
        """All symbols that a snapshot holds."""
        return {symbol for members in self.held.values() for symbol in members}

    def finish_snapshots(self) -> None:
        """Makes the snapshots of what was copied, then deletes what only they hold."""
        for name, members in self.held.items():
            versions = {
                symbol: self.numbers[symbol][number]
                for symbol, number in members.items()
                if number in self.numbers.get(symbol, {})
            }
            lacking = sorted(members.keys() - versions.keys())
            if lacking:
                # Half a snapshot under a whole one's name would be a lie; a later run may have all of it.
                self.report.failures[f"snapshot {name}"] = f"lacks {', '.join(lacking)}, which were not copied"
                continue
            self.target.snapshot(name, self.metadata[name], versions=versions)
            self.report.snapshots_copied += 1
        for symbol, numbers in self.deletions:
            self.target.delete(symbol, numbers)

    # ---- Symbols

    def symbol(self, name: str) -> None:
        """Copies what is missing of a symbol."""
        try:
            self._symbol(name)
        except _PickledError:
            self.report.pickled_symbols.append(name)
        except Exception as error:  # ArcticDB's and ours, of whatever kind: the other symbols go on.
            self.report.failures[name] = f"{type(error).__name__}: {error}"

    def _symbol(self, name: str) -> None:
        live = {key.version for key, info in self.source.list_versions(name).items() if not info.deleted}
        in_snapshots = {members[name]: snapshot for snapshot, members in self.held.items() if name in members}
        self.numbers[name] = numbers = self._present(name)
        last = max(numbers, default=-1)
        before: Any = None
        for number in sorted(live | in_snapshots.keys()):
            if number <= last:
                self.report.versions_present += number in numbers
                continue
            # A version that only a snapshot holds any more cannot be read by its number.
            before = self._version(name, number, number if number in live else in_snapshots[number], before)
        gone = [new for old, new in numbers.items() if old not in live]
        if gone:
            self.deletions.append((name, gone if live else None))

    def _present(self, name: str) -> dict[int, int]:
        """What an earlier run copied: the new numbers by the old ones."""
        try:
            versions = self.target._handle.call("library_versions", name).json
        except NoSuchSymbolException:
            return {}
        numbers: dict[int, int] = {}
        for version in versions:
            if version["is_deleted"]:
                continue
            layout = self.target._description(name, version["version"])[1].layout
            if not layout or "origin" not in layout:
                raise AlreadyExistsException(
                    f"version {version['version']} of {name!r} in the new library is no copy. Choose another one."
                )
            numbers[layout["origin"]] = version["version"]
        return numbers

    def _version(self, name: str, number: int, as_of: Any, before: Any) -> Any:
        """Copies one version; `before` is the data of the one before it, where this run copied it."""
        is_pickled = self.source._nvs.is_symbol_pickled(name, as_of=as_of)
        if is_pickled and not self.allow_pickle:
            raise _PickledError
        item = self.source.read(name, as_of=as_of)
        data, changed = _with_one_kind_of_missing(item.data)
        if changed:
            self.report.missing_values_made_none.setdefault(name, set()).update(changed)
        added = _added(before, data)
        version = None if added is None else self._appended(name, number, added, item.metadata)
        if version is None:
            version = self._commit("library_write", name, number, _prepared(data, is_pickled), item.metadata)
        self.numbers[name][number] = version
        self.report.versions_copied += 1
        return data

    def _appended(self, name: str, number: int, added: Any, metadata: Any) -> int | None:
        """Appends rows; None where the two do not go together after all."""
        try:
            prepared = prepare(added)
            prepared.layout = self.target._joined(self.target._last_seen(name), prepared)
            return self._commit("library_append", name, number, prepared, metadata)
        except (SchemaMismatchException, SortingException):
            return None

    def _commit(self, function: str, name: str, number: int, prepared: Prepared, metadata: Any) -> int:
        layout: Layout = {**(prepared.layout or {}), "origin": number}
        document = Envelope(metadata, layout).document()
        options = {"metadata": document, "index": prepared.index}
        version: dict[str, Any] = self.target._handle.call(function, name, options, prepared.stream()).json
        self.target._remember(version, layout, bool(prepared.index), document)
        return int(version["version"])


def _added(before: Any, data: Any) -> Any:
    """The rows that came behind those of the version before, where nothing else changed; else None.

    Then an append says all, and the copy costs what the change did.
    """
    import pandas as pd

    if type(before) is not type(data) or not isinstance(data, pd.DataFrame | pd.Series):
        return None
    count = len(before)
    if not 0 < count < len(data) or not data.iloc[:count].equals(before):
        return None
    return data.iloc[count:]


def _with_one_kind_of_missing(data: Any) -> tuple[Any, set[str]]:
    """Data in which columns that mix None and NaN have None alone, and the names of these columns."""
    import pandas as pd

    if isinstance(data, pd.Series):
        frame, changed = _with_one_kind_of_missing(data.to_frame())
        return (frame.iloc[:, 0] if changed else data), changed
    changed = set()
    if not isinstance(data, pd.DataFrame):
        return data, changed
    for position, (label, column) in enumerate(data.items()):
        missing = column[column.isna()] if column.dtype == object else ()
        if len({type(value) for value in missing}) > 1:
            data = data if changed else data.copy(deep=False)
            data.isetitem(position, column.where(column.notna(), None))
            changed.add(str(label))
    return data, changed


def _prepared(data: Any, may_be_pickled: bool) -> Prepared:
    """Data of any kind that ArcticDB gives, laid out."""
    if isinstance(data, dict | list | tuple) and _tree.can_hold(data):
        return _tree.prepare(data)
    try:
        return prepare(data, validate_index=False)
    except ArcticUnsupportedDataTypeException:
        if not may_be_pickled:
            raise
        return _pickles.prepare(data)
