"""Rows that workers upload, and one commit takes in."""

from __future__ import annotations

import pickle
import subprocess
import sys

import numpy as np
import pandas as pd
import pytest
from frames import frame, same

import sterna as st
from sterna import exceptions


def test_pieces_become_one_version_in_the_order_of_their_index(store):
    library = store.create_library("library")
    results = [library.stage("symbol", frame(part)) for part in (slice(4, 7), slice(7, 10), slice(0, 4))]
    assert library.get_staged_symbols() == ["symbol"] and not library.has_symbol("symbol")
    travelled = pickle.loads(pickle.dumps(results))
    item = library.finalize_staged_data("symbol", metadata={"why": 1}, stage_results=travelled)
    assert (item.version, item.metadata) == (0, {"why": 1})
    same(library.read("symbol").data, frame())
    assert library.get_staged_symbols() == []
    with pytest.raises(exceptions.SternaException):
        library.finalize_staged_data("symbol", stage_results=results)
    assert library.read("symbol").version == 0


def test_what_is_staged_is_appended(library):
    library.write("symbol", frame(slice(0, 3)))
    library.stage("symbol", frame(slice(3, 6)))
    library.stage("symbol", frame(slice(6, 10)))
    assert library.finalize_staged_data("symbol", "append", prune_previous_versions=True).version == 1
    same(library.read("symbol").data, frame())
    assert [key.version for key in library.list_versions("symbol")] == [1]
    library.stage("symbol", frame(slice(0, 1)))
    with pytest.raises(exceptions.UnsortedDataException):
        library.finalize_staged_data("symbol", "append", delete_staged_data_on_failure=True)
    assert library.get_staged_symbols() == []


def test_pieces_that_lie_across_one_another_are_merged_only_on_request(library):
    for part in (frame()[::2], frame()[1::2]):
        library.stage("symbol", part)
    with pytest.raises(exceptions.UnsortedDataException):
        library.finalize_staged_data("symbol")
    library.sort_and_finalize_staged_data("symbol")
    same(library.read("symbol").data, frame())


def test_rows_are_sorted_where_that_is_asked_for(library):
    with pytest.raises(exceptions.UnsortedDataException):
        library.stage("symbol", frame()[::-1])
    library.stage("symbol", frame()[::-1], sort_on_index=True)
    library.finalize_staged_data("symbol")
    same(library.read("symbol").data, frame())
    library.stage("columns", frame().reset_index(drop=True)[::-1].reset_index(drop=True), sort_columns=["a"])
    library.finalize_staged_data("columns")
    assert library.read("columns").data["a"].tolist() == list(range(10))


LAYOUTS = {
    "unnamed index": frame().rename_axis(None),
    "labels": frame().rename(columns={"a": 1, "b": 2}),
    "series": frame()["a"],
    "levels": frame().assign(k=list("abcdefghij")).set_index("k", append=True),
    "extension": frame().astype({"a": "Int64"}),
    "category": frame().assign(c=pd.Categorical(list("ababababab"))),
}


@pytest.mark.parametrize("data", LAYOUTS.values(), ids=LAYOUTS.keys())
def test_what_pandas_needs_besides_columns_is_staged_too(memory_store, library, data):
    # Another client than the one that staged commits all that it finds.
    for part in (data[5:], data[:5]):
        library.stage("symbol", part)
    other = st.Store(memory_store.get_uri())["library"]
    other.finalize_staged_data("symbol")
    result = library.read("symbol").data
    compare = pd.testing.assert_series_equal if isinstance(data, pd.Series) else pd.testing.assert_frame_equal
    compare(result, data, check_freq=False)


def test_what_does_not_go_together_or_is_not_there_is_refused(library):
    with pytest.raises(exceptions.UserInputException):
        library.finalize_staged_data("symbol")
    result = library.stage("symbol", frame())
    with pytest.raises(exceptions.UserInputException, match="other"):
        library.finalize_staged_data("other", stage_results=[result])
    library.stage("symbol", frame(slice(0, 2)).rename(columns={"a": "c"}))
    with pytest.raises(exceptions.SchemaException):
        library.sort_and_finalize_staged_data("symbol")
    library.delete_staged_data("symbol")
    with pytest.raises(exceptions.MissingKeysInStageResultsError):
        library.finalize_staged_data("symbol", stage_results=[result])
    with pytest.raises(exceptions.ArcticInvalidApiUsageException):
        library.finalize_staged_data("symbol", "nonsense")
    assert not library.has_symbol("symbol")


def test_workers_of_other_processes_stage(tmp_path):
    folder = str(tmp_path / "store")
    library = st.Store(folder).create_library("library")
    program = f"""
import sys, numpy as np, pandas as pd, sterna
number = int(sys.argv[1])
index = pd.date_range("2020", periods=1000, freq="s", name="time") + pd.Timedelta(number, "h")
sterna.Store({folder!r})["library"].stage("symbol", pd.DataFrame({{"x": np.arange(1000) + number}}, index=index))
"""
    workers = [subprocess.Popen([sys.executable, "-c", program, str(number)]) for number in range(4)]
    assert [worker.wait(timeout=120) for worker in workers] == [0] * 4
    library.finalize_staged_data("symbol")
    data = library.read("symbol").data
    assert data["x"].tolist() == [x for number in range(4) for x in np.arange(1000) + number]
    assert data.index.is_monotonic_increasing


def test_arrow_data_is_staged(library):
    import pyarrow as pa

    table = pa.table({"t": pa.array([3, 1, 2], pa.int64()), "x": ["c", "a", "b"]})
    library.stage("symbol", table, sort_on_index=True, index_column="t")
    library.finalize_staged_data("symbol")
    assert library.read("symbol", output_format="pyarrow").data["x"].to_pylist() == ["a", "b", "c"]
