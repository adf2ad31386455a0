"""Copies of real ArcticDB libraries."""

from __future__ import annotations

import os

import numpy as np
import pandas as pd
import pytest
from frames import DAYS, frame

import sterna as st
from sterna import exceptions, migrate

adb = pytest.importorskip("arcticdb", reason="needs the arcticdb wheel")


class Anything:
    def __init__(self, value):
        self.value = value

    def __eq__(self, other):
        return self.value == other.value


@pytest.fixture
def uri(tmp_path):
    return f"lmdb://{tmp_path / 'arctic'}?map_size=256MB"


@pytest.fixture
def source(uri):
    return adb.Arctic(uri).create_library("ticks")


@pytest.fixture
def copy(uri, source, memory_store):
    def run(**options):
        # LMDB is opened by one object in a process at a time.
        return migrate.from_arcticdb(uri, "ticks", memory_store, **options)

    return run


def same(one, other):
    if isinstance(one, pd.DataFrame):
        pd.testing.assert_frame_equal(one, other, check_freq=False)
    elif isinstance(one, pd.Series):
        pd.testing.assert_series_equal(one, other, check_freq=False)
    elif isinstance(one, np.ndarray):
        np.testing.assert_array_equal(one, other)
    else:
        assert one == other


KINDS = {
    "frame": frame(),
    "unnamed index": frame().rename_axis(None),
    "series": frame()["b"],
    "array": np.arange(12.0).reshape(3, 4),
    "range": pd.DataFrame({"x": [1, 2]}, index=pd.RangeIndex(5, 9, 2)),
    "texts": pd.DataFrame({"x": pd.Series(["a", None, "ü", ""], dtype=object)}),
    "zone": frame().tz_localize("America/New_York"),
    "levels": frame().assign(k=list("abcdefghij")).set_index("k", append=True),
    "category": pd.DataFrame({"x": pd.Categorical(["a", "b", None], ["b", "a", "c"])}),
    "empty": frame()[:0],
    "repeated instants": pd.concat([frame(), frame()]).sort_index(),
}


def test_every_kind_of_object_is_copied(source, copy, memory_store):
    for name, value in KINDS.items():
        source.write(name, value, metadata={"of": name, "when": DAYS[0]})
    report = copy()
    assert report.versions_copied == len(KINDS) and not report.failures and not report.pickled_symbols
    target = memory_store["ticks"]
    assert target.list_symbols() == sorted(KINDS)
    for name in KINDS:
        same(source.read(name).data, target.read(name).data)
        assert target.read_metadata(name).metadata == {"of": name, "when": DAYS[0]}


def versions(library, symbol):
    return sorted(key.version for key in library.list_versions(symbol))


def test_versions_are_copied_in_order_and_appends_as_appends(source, copy, memory_store, caplog):
    caplog.set_level("DEBUG", "sterna")
    source.write("a", frame(slice(0, 4)), metadata=0)
    source.append("a", frame(slice(4, 6)), metadata=1)
    source.update("a", frame(slice(1, 2)) * 2 + 0.5 if False else frame(slice(1, 2)).assign(a=[70]), metadata=2)
    source.append("a", frame(slice(6, 10)), metadata=3)
    source.write_metadata("a", 4)
    source.delete("a", 2)
    copy()
    target = memory_store["ticks"]
    assert versions(target, "a") == [0, 1, 2, 3]
    for new, old in enumerate([0, 1, 3, 4]):
        same(source.read("a", as_of=old).data, target.read("a", as_of=new).data)
        assert target.read_metadata("a", as_of=new).metadata == old
    calls = [record.getMessage().split()[0] for record in caplog.records]
    assert calls.count("library_append") == 1


def test_an_interrupted_copy_goes_on(source, copy, memory_store, monkeypatch):
    for number in range(4):
        source.write("a", frame(slice(0, number + 1)), metadata=number)
        source.write("b", frame(slice(number, None)), metadata=number)
    commit, count = migrate._Copy._commit, []

    def interrupted(self, *arguments):
        count.append(1)
        if len(count) > 5:
            raise KeyboardInterrupt
        return commit(self, *arguments)

    monkeypatch.setattr(migrate._Copy, "_commit", interrupted)
    with pytest.raises(KeyboardInterrupt):
        copy()
    monkeypatch.undo()
    report = copy()
    assert (report.versions_copied, report.versions_present) == (3, 5)
    target = memory_store["ticks"]
    for name in "ab":
        assert versions(target, name) == [0, 1, 2, 3]
        for number in range(4):
            same(source.read(name, as_of=number).data, target.read(name, as_of=number).data)
    source.append("a", frame(slice(4, 6)), metadata="more")
    assert copy().versions_copied == 1
    assert target.read("a").metadata == "more"
    assert copy().versions_copied == 0


def test_snapshots_hold_the_same_versions_also_deleted_ones(source, copy, memory_store):
    source.write("a", frame(slice(0, 2)), metadata=0)
    source.write("b", frame(slice(0, 3)))
    source.snapshot("first", metadata={"why": "month end"})
    source.write("a", frame(slice(0, 4)), metadata=1)
    source.snapshot("second")
    source.delete("a", 0)
    source.delete("b")
    report = copy()
    assert report.snapshots_copied == 2 and not report.failures
    target = memory_store["ticks"]
    assert target.list_snapshots() == {"first": {"why": "month end"}, "second": None}
    for name in ("a", "b"):
        same(source.read(name, as_of="first").data, target.read(name, as_of="first").data)
    same(source.read("a", as_of="second").data, target.read("a", as_of="second").data)
    assert target.list_symbols() == ["a"]
    with pytest.raises(exceptions.NoSuchVersionException):
        target.read("a", as_of=0)
    again = copy()
    assert (again.versions_copied, again.snapshots_copied) == (0, 0)


def test_pickles_only_when_asked_for(source, copy, memory_store):
    source.write_pickle("object", Anything([1]))
    source.write_pickle("dict", {"a": frame()})
    source.write("frame", frame())
    report = copy()
    assert report.pickled_symbols == ["dict", "object"] and "pickled" in str(report)
    target = memory_store["ticks"]
    assert target.list_symbols() == ["frame"]
    copy(allow_pickle=True)
    with pytest.raises(exceptions.PickleNotAllowedException):
        target.read("object")
    assert target.read("object", allow_pickle=True).data == Anything([1])
    # What turned out to be a tree of frames needs no pickle any more.
    same(target.read("dict").data["a"], frame())


def test_symbols_can_be_chosen_and_put_elsewhere(source, copy, memory_store):
    for name in ("a", "b", "c"):
        source.write(name, frame())
    report = copy(symbols=["c", "a", "nothing"], into="chosen", progress=False)
    assert memory_store["chosen"].list_symbols() == ["a", "c"]
    assert report.versions_copied == 2
    memory_store.create_library("ticks").write("a", frame())
    assert "is no copy" in copy(symbols=["a", "b"]).failures["a"]
    assert memory_store["ticks"].list_symbols() == ["a", "b"]


def test_a_copy_can_be_written_to_and_is_no_copy_then(source, copy, memory_store):
    source.write("a", frame(slice(0, 5)))
    copy()
    target = memory_store["ticks"]
    target.append("a", frame(slice(5, None)))
    same(target.read("a").data, frame())
    source.append("a", frame(slice(5, 6)))
    assert "is no copy" in copy().failures["a"]


def test_a_dynamic_schema_stays_one(uri, memory_store):
    source = adb.Arctic(uri).create_library("ticks", adb.LibraryOptions(dynamic_schema=True))
    source.write("a", frame(slice(0, 2)))
    source.append("a", frame(slice(2, 4)).assign(c=[1.5, 2.5]))
    migrate.from_arcticdb(uri, "ticks", memory_store)
    target = memory_store["ticks"]
    assert target.options().dynamic_schema
    same(source.read("a").data, target.read("a").data)
    target.append("a", frame(slice(4, 5)).assign(d=[1]))
    assert list(target.read("a").data.columns) == ["a", "b", "c", "d"]


@pytest.mark.skipif(os.name != "posix", reason="needs a terminal")
def test_a_bar_is_shown_when_asked_for(source, copy, capsys):
    pytest.importorskip("tqdm")
    source.write("a", frame())
    copy(progress=True)
    assert "copying ticks" in capsys.readouterr().err


def test_the_module_needs_arcticdb_only_when_used():
    assert st.__version__ and migrate.Report().versions_copied == 0


def test_mixed_missing_texts_become_none_and_are_reported(source, copy, memory_store):
    mixed = pd.DataFrame({"x": pd.Series(["a", None, np.nan], dtype=object), "y": ["b", "c", "d"]})
    source.write("symbol", mixed)
    source.write("series", mixed["x"])
    report = copy()
    assert report.missing_values_made_none == {"symbol": {"x"}, "series": {"x"}} and not report.failures
    assert "symbol: None for NaN in x" in str(report)
    assert memory_store["ticks"].read("symbol").data["x"].to_list() == ["a", None, None]
    assert memory_store["ticks"].read("series").data.to_list() == ["a", None, None]
