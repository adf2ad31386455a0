"""Library options, sizes, shape, and commits that go together with others'."""

from __future__ import annotations

import threading

import numpy as np
import pandas as pd
import pytest
from frames import DAYS, frame, same

import sterna as st
from sterna import exceptions


def test_options_are_kept_with_the_library(store):
    chosen = st.LibraryOptions(
        dynamic_schema=True, rows_per_segment=100, columns_per_segment=3, dedup=True, recursive_normalizers=True
    )
    store.create_library("library", chosen)
    assert store["library"].options() == chosen
    assert store.get_library("library", create_if_missing=True, library_options=chosen).options() == chosen
    with pytest.raises(exceptions.MismatchingLibraryOptions):
        store.get_library("library", create_if_missing=True, library_options=st.LibraryOptions())
    with pytest.raises(exceptions.ArcticInvalidApiUsageException):
        store.get_library("library", library_options=chosen)
    assert store.create_library("plain").options() == st.LibraryOptions()


def test_segments_have_the_rows_and_columns_that_were_chosen(memory_store):
    library = memory_store.create_library("library", st.LibraryOptions(rows_per_segment=100, columns_per_segment=2))
    wide = pd.DataFrame(np.arange(6000).reshape(1000, 6), columns=list("abcdef"), index=pd.RangeIndex(1000))
    library.write("symbol", wide)
    segments = library.admin_tools().get_sizes_for_symbol("symbol")[st.KeyType.TABLE_DATA].count
    assert segments == 10 * 3
    same(library.read("symbol").data, wide)
    memory_store.modify_library_option(library, "rows_per_segment", 500)
    assert library.options().rows_per_segment == 500
    library.write("other", wide)
    assert library.admin_tools().get_sizes_for_symbol("other")[st.KeyType.TABLE_DATA].count == 2 * 3
    memory_store.modify_library_option("library", st.ModifiableLibraryOption.RECURSIVE_NORMALIZERS, True)
    library.write("tree", {"a": wide})
    with pytest.raises(exceptions.ArcticInvalidApiUsageException, match="ROWS_PER_SEGMENT"):
        memory_store.modify_library_option(library, "nonsense", 1)


def test_sizes_are_those_of_the_objects(tmp_path):
    store = st.Store(str(tmp_path / "store"))
    library = store.create_library("library")
    for name in ("a", "b"):
        library.write(name, frame(), metadata="x" * 5000)
    library.snapshot("kept")
    sizes = library.admin_tools().get_sizes()
    files = [path for path in (tmp_path / "store" / "library").rglob("*") if path.is_file()]
    assert sum(size.bytes_compressed for size in sizes.values()) == sum(
        path.stat().st_size for path in files if path.name != "library.json@"
    )
    by_symbol = library.admin_tools().get_sizes_by_symbol()
    assert list(by_symbol) == ["a", "b"] and by_symbol["a"][st.KeyType.METADATA].count == 1
    assert sizes[st.KeyType.SNAPSHOT_REF].count == 1 and sizes[st.KeyType.VERSION_REF].count == 2
    assert library.admin_tools().get_sizes_for_symbol("nothing") == dict.fromkeys(st.KeyType, st.Size(0, 0))


def test_compacting_has_nothing_to_do_until_many_updates_left_their_marks(memory_store):
    library = memory_store.create_library("library", st.LibraryOptions(rows_per_segment=2))
    days = pd.date_range("2013-10-07", periods=400, name="day")
    rows = pd.DataFrame({"a": range(400)}, index=days)
    library.write("symbol", rows, metadata="first")
    assert not library.is_symbol_fragmented("symbol")
    assert library.compact_data("symbol").version == 0
    memory_store.modify_library_option(library, "rows_per_segment", 100_000)
    assert library.is_symbol_fragmented("symbol")
    plan = library.compact_data_explain_plan("symbol")
    assert plan.will_do_work and plan.num_row_slices_after == 1
    item = library.compact_data("symbol")
    assert (item.version, item.metadata) == (1, "first")
    same(library.read("symbol").data, rows)
    assert library.compact_data_explain_plan("symbol").num_row_slices_before == 1
    assert library.defragment_symbol_data("symbol").version == 1


def test_edits_keep_a_layout_that_another_client_wrote_in_between(memory_store):
    mine = memory_store.create_library("library")
    other = st.Store(memory_store.get_uri())["library"]
    mine.write("symbol", frame())
    mine.write_metadata("symbol", 1)
    # The labels are part of the layout: an edit that still had the old one would lose them.
    renamed = frame().rename(columns={"a": 1, "b": 2})
    other.write("symbol", renamed)
    assert mine.write_metadata("symbol", 2).version == 3
    same(mine.read("symbol").data, renamed)
    other.write("symbol", frame())
    mine.delete_data_in_range("symbol", (DAYS[0], DAYS[0]))
    same(mine.read("symbol").data, frame(slice(1, None)))
    other.write("symbol", renamed[:5])
    with pytest.raises(exceptions.SchemaMismatchException):
        mine.append("symbol", frame(slice(5, None)))
    other.write("symbol", frame(slice(0, 5)))
    mine.append("symbol", frame(slice(5, None)))
    same(mine.read("symbol").data, frame())


def test_numbers_of_rows_continue_what_is_really_there(memory_store):
    mine = memory_store.create_library("library")
    other = st.Store(memory_store.get_uri())["library"]
    mine.append("symbol", pd.DataFrame({"x": [1, 2]}))
    other.append("symbol", pd.DataFrame({"x": [3]}, index=pd.RangeIndex(2, 3)))
    with pytest.raises(exceptions.NormalizationException, match=r"RangeIndex\(3"):
        mine.append("symbol", pd.DataFrame({"x": [9]}, index=pd.RangeIndex(2, 3)))
    assert mine.read("symbol").data["x"].tolist() == [1, 2, 3]


def test_clients_that_append_and_edit_at_once_lose_nothing(memory_store):
    memory_store.create_library("library").write("symbol", frame(slice(0, 1)))
    day = DAYS[0]

    def work(number):
        mine = st.Store(memory_store.get_uri())["library"]
        for step in range(6):
            mine.append("symbol", pd.DataFrame({"a": [number], "b": [float(step)]}, index=[day]).rename_axis("day"))
            mine.write_metadata("symbol", (number, step))

    threads = [threading.Thread(target=work, args=(number,)) for number in range(5)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    library = memory_store["library"]
    data = library.read("symbol").data
    assert sorted(zip(data["a"][1:], data["b"][1:], strict=True)) == sorted((n, s) for n in range(5) for s in range(6))
    assert len(library.list_versions("symbol")) == 61


def test_pruning_costs_no_request_of_its_own(library, caplog):
    library.write("symbol", frame())
    caplog.set_level("DEBUG", "sterna")
    library.write("symbol", frame(), prune_previous_versions=True)
    library.append("symbol", frame(slice(9, None)), prune_previous_versions=True)
    library.write_metadata("symbol", 1, prune_previous_versions=True)
    library.delete_data_in_range("symbol", (DAYS[0], DAYS[1]), prune_previous_versions=True)
    library.update("symbol", frame(slice(3, 4)), prune_previous_versions=True)
    calls = [record.getMessage().split()[0] for record in caplog.records]
    assert calls == [
        "library_write", "library_append", "library_write_metadata", "library_delete_rows", "library_update"
    ]  # fmt: skip
    assert [key.version for key in library.list_versions("symbol")] == [5]


# ---- Merging


def merged(**columns):
    return pd.DataFrame({"k": ["a", "b", "a", "c"], "v": [1, 2, 3, 4]} | columns, index=DAYS[[0, 0, 1, 2]])


def test_rows_are_merged_by_instant_and_columns(library):
    library.write("symbol", merged())
    source = pd.DataFrame({"k": ["b", "x", "c"], "v": [20, 30, 40]}, index=DAYS[[0, 1, 2]])
    library.merge("symbol", source, on=["k"])
    expected = pd.DataFrame({"k": ["a", "b", "a", "x", "c"], "v": [1, 20, 3, 30, 40]}, index=DAYS[[0, 0, 1, 1, 2]])
    same(library.read("symbol").data, expected)
    library.restore_version("symbol", 0)
    library.merge("symbol", source, ("update", "do_nothing"), on=["k"])
    same(library.read("symbol").data, merged(v=[1, 20, 3, 40]))
    library.restore_version("symbol", 0)
    library.merge("symbol", source, st.MergeStrategy("do_nothing", "insert"), on=["k"], metadata="m")
    expected["v"] = [1, 2, 3, 30, 4]
    same(library.read("symbol").data, expected)
    assert library.read("symbol").metadata == "m"


def test_merges_that_make_no_sense_are_refused(library):
    library.write("symbol", merged())
    twice = pd.DataFrame({"k": ["a", "a"], "v": [1, 2]}, index=DAYS[[0, 0]])
    with pytest.raises(exceptions.UserInputException, match="several rows"):
        library.merge("symbol", twice, on=["k"])
    for wrong in (("insert", "update"), ("update", "nonsense")):
        with pytest.raises(exceptions.SternaException):
            library.merge("symbol", twice, wrong)
    with pytest.raises(exceptions.UnsortedDataException):
        library.merge("symbol", merged()[::-1])
    with pytest.raises(exceptions.UserInputException):
        library.merge("symbol", merged(), on=["day"])
    with pytest.raises(exceptions.NoSuchVersionException):
        library.merge("nothing", merged())
    assert library.merge("nothing", merged(), upsert=True).version == 0
    assert library.read("symbol").version == 0


def test_merges_take_other_writers_into_account(memory_store):
    memory_store.create_library("library").write("symbol", merged())

    def work(number):
        mine = st.Store(memory_store.get_uri())["library"]
        for step in range(5):
            row = pd.DataFrame({"k": [f"{number} {step}"], "v": [number]}, index=DAYS[[1]])
            mine.merge("symbol", row, on=["k"])

    threads = [threading.Thread(target=work, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    data = memory_store["library"].read("symbol").data
    assert len(data) == 24 and data["k"].nunique() == 23
