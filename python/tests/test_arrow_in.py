"""Arrow and Polars data, which knows nothing of pandas, written to symbols of either."""

from __future__ import annotations

import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest
from frames import DAYS, frame, same
from pandas.testing import assert_frame_equal

from sterna import _prepare, exceptions

TABLE = pa.table({"x": [1, 2]})


def reader(table):
    return pa.RecordBatchReader.from_batches(table.schema, table.to_batches())


@pytest.mark.parametrize("make", [lambda t: t, pl.from_arrow, reader], ids=["pyarrow", "polars", "a reader"])
def test_rows_without_an_index_go_on_where_the_symbol_ends(library, make):
    for _ in range(3):
        library.append("symbol", make(TABLE))
    assert library.read("symbol", output_format="pyarrow").data["x"].to_pylist() == [1, 2] * 3
    library.write("numbered", pd.DataFrame({"x": [7]}, index=pd.RangeIndex(3, 5, 2)))
    library.append("numbered", make(TABLE))
    assert_frame_equal(library.read("numbered").data, pd.DataFrame({"x": [7, 1, 2]}, index=pd.RangeIndex(3, 9, 2)))


def test_rows_of_arrow_take_over_how_pandas_has_the_symbol(library):
    before = pd.DataFrame(
        {
            "n": pd.array([1, None], "Int64"),
            "c": pd.Categorical(["a", None], categories=["b", "a"]),
            "t": pd.Series(["u", None], dtype=object),
        },
        index=DAYS[:2].tz_localize("Europe/Berlin"),
    )
    library.write("symbol", before)
    more = library.read("symbol", output_format="polars").data
    library.append("symbol", more.with_columns(day=pl.col("day").dt.offset_by("5d")), index_column="day")
    result = library.read("symbol").data
    expected = pd.concat([before, before.set_axis(before.index + pd.Timedelta(5, "D"))]).rename_axis("day")
    assert_frame_equal(result, expected, check_freq=False)
    library.update("symbol", more.with_columns(n=pl.lit(5, pl.Int64)), index_column="day")
    assert library.read("symbol").data["n"].to_list()[:2] == [5, 5]


def test_categories_that_came_without_pandas_are_not_lost(library):
    library.write("symbol", pd.DataFrame({"c": pd.Categorical(["a"], categories=["b", "a"])}))
    library.append("symbol", pa.table({"c": pa.array(["new", "a", None]).dictionary_encode()}))
    result = library.read("symbol").data["c"]
    assert result.to_list()[:3] == ["a", "new", "a"] and result.isna().to_list() == [False] * 3 + [True]
    assert result.cat.categories.to_list() == ["b", "a", "new"]
    # The other rows' words are no categories of these.
    assert library.read("symbol", row_range=(0, 1)).data["c"].cat.categories.to_list() == ["b", "a"]


def test_ordered_categories_of_another_order_are_refused(library):
    def piece(words, start):
        values = pd.Categorical(words[:1], categories=words, ordered=True)
        return pd.DataFrame({"c": values}, index=pd.RangeIndex(start, start + 1))

    library.write("symbol", piece(["low", "high"], 0))
    for words in (["low", "mid", "high"], ["high", "low"]):
        with pytest.raises(exceptions.SchemaException, match="ordered"):
            library.append("symbol", piece(words, 1))
    library.append("symbol", piece(["high"], 1))
    assert library.read("symbol").data["c"].cat.categories.to_list() == ["low", "high"]


def test_a_stream_is_not_taken_for_empty_when_it_is_asked_for_again(memory_store, library):
    library.write("symbol", TABLE)
    library.append("symbol", TABLE)
    memory_store["library"].append("symbol", TABLE)
    # What this client remembers is out of date now.
    library.append("symbol", reader(TABLE))
    assert library.get_description("symbol").row_count == 8
    once = _prepare.prepare(reader(TABLE))
    once.stream()
    with pytest.raises(exceptions.ConflictException, match="only once"):
        once.stream()


def test_what_has_no_columns_is_refused_with_what_to_write(library):
    for data, advice in [
        (pa.array([1]), "pyarrow.table"),
        (pl.Series([1]), "to_frame"),
        (pl.LazyFrame({"a": [1]}), "collect"),
        (pl.DataFrame({"a": pl.Series([object()], dtype=pl.Object)}), "Python objects"),
    ]:
        with pytest.raises(exceptions.ArcticUnsupportedDataTypeException, match=advice):
            library.write("symbol", data)
    assert library.list_symbols() == []


def test_messages_name_what_is_appended_and_what_is_there(library):
    library.write("symbol", frame())
    library.write("rows", pd.DataFrame({"a": [1]}))
    library.write_pickle("pickle", {1})
    more = frame().set_axis(DAYS + pd.Timedelta(20, "D"))
    for call, text in [
        (lambda: library.append("symbol", more["a"]), "kind series.* kind frame"),
        (lambda: library.append("symbol", more.rename_axis(None)), "label None"),
        (lambda: library.append("rows", more[["a"]].rename_axis("day")), "columns a, the data has day, a"),
        (lambda: library.append("pickle", more), "pickle"),
        (lambda: library.append("pickle", TABLE), "pickle"),
        (lambda: library.append("array", TABLE), "kind array") if library.write("array", np.arange(2)) else None,
    ]:
        with pytest.raises(exceptions.SchemaMismatchException, match=text):
            call()
    with pytest.raises(exceptions.InternalException, match="time index"):
        library.update("rows", pd.DataFrame({"a": [1]}))
    same(library.read("symbol").data, frame())
