"""Updates, deletions, metadata and snapshots."""

from __future__ import annotations

import pandas as pd
import pytest
from frames import DAYS, frame, same

import sterna as st
from sterna import exceptions


def test_updates_replace_the_rows_of_their_range(library):
    library.write("symbol", frame(), metadata="first")
    changed = frame(slice(3, 5)) * 10
    changed = changed.astype({"a": "int64"})
    library.update("symbol", changed, metadata="second")
    expected = pd.concat([frame(slice(0, 3)), changed, frame(slice(5, None))])
    same(library.read("symbol").data, expected)
    assert library.read("symbol").metadata == "second"
    library.update("symbol", changed, date_range=(DAYS[4], DAYS[6]))
    expected = pd.concat([expected[:4], changed[1:], expected[7:]])
    same(library.read("symbol").data, expected)
    library.update("symbol", changed[:0], metadata="third")
    same(library.read("symbol").data, expected)
    assert library.read("symbol").metadata == "third"
    with pytest.raises(exceptions.InternalException):
        library.update("nothing", changed)
    library.update("nothing", changed, upsert=True)
    same(library.read("nothing").data, changed)
    library.write("rows", frame().reset_index(drop=True))
    with pytest.raises(exceptions.NormalizationException):
        library.update("rows", changed)


def test_rows_versions_and_symbols_are_deleted(library):
    for _ in range(4):
        library.write("symbol", frame(), metadata=1)
    library.delete_data_in_range("symbol", (DAYS[2], DAYS[3]))
    same(library.read("symbol").data, frame().drop(DAYS[2:4]))
    library.delete("symbol", 1)
    library.delete("symbol", [2])
    assert [key.version for key in library.list_versions("symbol")] == [4, 3, 0]
    with pytest.raises(exceptions.NoSuchVersionException):
        library.read("symbol", as_of=1)
    with pytest.raises(exceptions.NoSuchVersionException):
        library.delete("symbol", 17)
    library.prune_previous_versions("symbol")
    assert [key.version for key in library.list_versions("symbol")] == [4]
    library.delete("symbol")
    library.delete("symbol")
    assert not library.has_symbol("symbol")
    assert library.write("symbol", frame()).version == 5
    assert library.write("symbol", frame(), prune_previous_versions=True).version == 6
    assert [key.version for key in library.list_versions("symbol")] == [6]
    assert library.delete_batch(["symbol", "nothing"]) == [None, None]


def test_metadata_changes_keep_the_data_and_its_layout(library):
    series = pd.Series([1.5, 2.5], name=7)
    library.write("symbol", series, metadata="first")
    assert library.write_metadata("symbol", {"second": 2}).version == 1
    pd.testing.assert_series_equal(library.read("symbol").data, series)
    assert library.read("symbol").metadata == {"second": 2}
    items = library.write_metadata_batch([st.WriteMetadataPayload("symbol", 3), st.WriteMetadataPayload("nothing", 3)])
    assert items[0].version == 2 and isinstance(items[1], st.DataError)
    library.write("symbol", frame())
    assert library.restore_version("symbol", 1).metadata == {"second": 2}
    pd.testing.assert_series_equal(library.read("symbol").data, series)


def test_a_deleted_symbol_comes_back_from_a_snapshot(library):
    library.write("symbol", frame(), metadata="first")
    library.snapshot("month-end")
    library.delete("symbol")
    item = library.restore_version("symbol", "month-end")
    assert item.version == 1 and item.metadata == "first"
    same(library.read("symbol").data, frame())
    with pytest.raises(st.exceptions.NoSuchVersionException):
        library.restore_version("symbol", 7)


def test_batches_of_updates(library):
    library.write("symbol", frame())
    changed = frame(slice(0, 2)) * 2
    results = library.update_batch([st.UpdatePayload("symbol", changed), st.UpdatePayload("no", frame())])
    assert results[0].version == 1 and isinstance(results[1], st.DataError)


def test_snapshots_keep_versions(library):
    library.write("a", frame(slice(0, 1)), metadata="first")
    library.write("a", frame(slice(0, 2)))
    library.write("b", frame())
    library.snapshot("all", metadata=("why", 1))
    library.snapshot("one", versions={"a": 0})
    library.snapshot("without b", skip_symbols=["b"])
    assert library.list_snapshots() == {"all": ("why", 1), "one": None, "without b": None}
    assert library.list_snapshots(load_metadata=False) == ["all", "one", "without b"]
    assert library.list_symbols("all") == ["a", "b"] and library.list_symbols("without b") == ["a"]
    library.delete("a", 0)
    same(library.read("a", as_of="one").data, frame(slice(0, 1)))
    same(library.read("a", as_of="all").data, frame(slice(0, 2)))
    assert library.read_metadata("a", as_of="one").metadata == "first"
    versions = library.list_versions("a")
    assert versions["a", 0].deleted and versions["a", 0].snapshots == ["one"]
    assert sorted(versions["a", 1].snapshots) == ["all", "without b"]
    assert list(library.list_versions(snapshot="all")) == [("a", 1), ("b", 0)]
    with pytest.raises(exceptions.InternalException):
        library.snapshot("all")
    with pytest.raises(exceptions.NoDataFoundException):
        library.read("b", as_of="one")
    library.delete_snapshot("one")
    with pytest.raises(exceptions.NoDataFoundException):
        library.delete_snapshot("one")
    with pytest.raises(exceptions.NoDataFoundException):
        library.read("a", as_of="one")
    with pytest.raises(exceptions.NoDataFoundException):
        library.list_symbols("nothing")


def test_many_small_appends_add_up(store):
    library = store.create_library("library")
    times = pd.date_range("2020", periods=20_000, freq="s", name="time")
    rows = pd.DataFrame({"x": range(20_000), "s": [str(row % 7) for row in range(20_000)]}, index=times)
    for start in range(0, 20_000, 200):
        library.append("symbol", rows[start : start + 200])
    same(library.read("symbol").data, rows)
    same(library.read("symbol", as_of=49).data, rows[:10_000])


def test_a_symbol_goes_with_its_last_version(library):
    for _ in range(2):
        library.write("symbol", frame())
    library.snapshot("kept")
    library.delete("symbol", [0])
    assert library.has_symbol("symbol")
    library.delete("symbol", [1])
    assert not library.has_symbol("symbol") and library.list_symbols() == []
    same(library.read("symbol", as_of="kept").data, frame())
    assert library.write("symbol", frame()).version == 2
    library.delete_batch([st.DeleteRequest("symbol", [])])
    assert library.has_symbol("symbol")
