"""Libraries whose symbols' columns may come, go and widen."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from frames import same

import sterna as st
from sterna import exceptions

DAYS = pd.date_range("2013-10-07", periods=6, name="day")


@pytest.fixture
def library(memory_store):
    return memory_store.create_library("library", st.LibraryOptions(dynamic_schema=True))


def rows(where, **columns):
    return pd.DataFrame(columns, index=DAYS[where])


def test_what_one_side_lacks_is_filled_as_arcticdb_does(library):
    library.write("symbol", rows(slice(0, 2), i=[1, 2], f=[0.5, 1.5], s=["a", "b"]))
    library.append("symbol", rows(slice(2, 4), f=[2.5, 3.5], b=[True, False], t=DAYS[:2]))
    expected = rows(
        slice(0, 4), i=[1, 2, 0, 0], f=[0.5, 1.5, 2.5, 3.5], s=["a", "b", None, None],
        b=[False, False, True, False], t=[pd.NaT, pd.NaT, *DAYS[:2]],
    )  # fmt: skip
    same(library.read("symbol").data, expected)
    same(library.read("symbol", as_of=0).data, rows(slice(0, 2), i=[1, 2], f=[0.5, 1.5], s=["a", "b"]))
    table = library.read("symbol", output_format="pyarrow").data
    assert table["i"].to_pylist() == [1, 2, None, None] and table["b"].null_count == 2
    library.update("symbol", rows(slice(1, 2), n=[7]))
    assert library.read("symbol").data["n"].tolist() == [0, 7, 0, 0]
    assert library.read("symbol", columns=["n"], row_range=(1, 2)).data["n"].tolist() == [7]


def test_numbers_widen(library):
    library.write("symbol", rows(slice(0, 1), x=np.array([1], "int8"), y=np.array([1], "int64")))
    library.append("symbol", rows(slice(1, 2), x=np.array([300], "int16"), y=np.array([0.5])))
    data = library.read("symbol").data
    assert data["x"].dtype == "int16" and data["y"].dtype == "float64"
    assert data["x"].tolist() == [1, 300] and data["y"].tolist() == [1.0, 0.5]
    library.append("symbol", rows(slice(2, 3), x=np.array([5], "int8")))
    assert library.read("symbol").data["x"].tolist() == [1, 300, 5]
    with pytest.raises(exceptions.SchemaException):
        library.append("symbol", rows(slice(3, 4), x=["text"]))


def test_labels_and_extension_types_join(library):
    first = pd.DataFrame({1: pd.array([1, None], "Int64")}, index=DAYS[:2])
    second = pd.DataFrame({2: pd.array(["a"], "string")}, index=DAYS[2:3])
    library.write("symbol", first)
    library.append("symbol", second)
    result = library.read("symbol").data
    assert list(result.columns) == [1, 2]
    assert result[1].dtype == "Int64" and result[1].isna().tolist() == [False, True, True]
    assert result[2].dtype == "string" and result[2].tolist()[2] == "a"


def test_rows_without_an_index_join_too(library):
    library.write("symbol", pd.DataFrame({"x": [1, 2]}))
    library.append("symbol", pd.DataFrame({"y": ["a"]}, index=pd.RangeIndex(2, 3)))
    same(library.read("symbol").data, pd.DataFrame({"x": [1, 2, 0], "y": [None, None, "a"]}, dtype=None))


def test_the_choice_is_the_librarys_and_can_be_changed(memory_store):
    library = memory_store.create_library("fixed")
    library.write("symbol", rows(slice(0, 1), x=[1]))
    with pytest.raises(exceptions.StreamDescriptorMismatch):
        library.append("symbol", rows(slice(1, 2), y=[1]))
    memory_store.modify_library_option(library, st.ModifiableLibraryOption.DYNAMIC_SCHEMA, True)
    library.append("symbol", rows(slice(1, 2), y=[1]))
    other = st.Store(memory_store.get_uri())["fixed"]
    assert other.options().dynamic_schema
    assert other.read("symbol").data["y"].tolist() == [0, 1]
