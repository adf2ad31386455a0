"""Texts that repeat leave the engine as codes, whose type is that of whole numbers: never take them for some."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from pandas.testing import assert_frame_equal

import sterna

TIMES = pd.date_range("2013-10-07", periods=6, freq="s", name="time")


@pytest.fixture
def store() -> sterna.Store:
    return sterna.Store("memory://coded-texts")


def texts(*values: str | None) -> pd.Series:
    return pd.Series(values, index=TIMES, dtype=object)


def test_several_columns_of_codes_beside_numbers_of_their_width(store: sterna.Store) -> None:
    library = store.create_library("beside")
    numbers = np.arange(6, dtype=np.int32)
    frame = pd.DataFrame({
        "a": texts("P", "Q", "P", "Q", "P", "Q"), "i": numbers, "b": texts("x", "x", "x", "y", "y", "y"),
        "j": numbers[::-1].copy(), "c": texts("", "", "z", "", "", "z"),
    })  # fmt: skip
    library.write("s", frame)
    assert_frame_equal(library.read("s").data, frame, check_freq=False)


def test_missing_texts_of_a_dynamic_schema_are_no_zeros(store: sterna.Store) -> None:
    library = store.create_library("dynamic", sterna.LibraryOptions(dynamic_schema=True))
    first = pd.DataFrame({"n": np.arange(6), "t": texts("P", None, "P", "P", "P", "P")})
    library.write("s", first)
    later = pd.DataFrame({"n": np.arange(6)}, index=TIMES + pd.Timedelta("1min"))
    library.append("s", later)
    found = library.read("s").data
    assert list(found["t"]) == ["P", None, "P", "P", "P", "P", *[None] * 6]
    assert found["n"].dtype == np.int64


@pytest.mark.parametrize("number", [np.int8, np.int32, np.int64])
def test_nested_texts_and_numbers_do_not_change_places(store: sterna.Store, number: type) -> None:
    library = store.get_library(f"nested-{number.__name__}", create_if_missing=True)
    leaf = pd.DataFrame({"n": np.arange(6).astype(number), "t": texts("P", "Q", None, "P", "Q", "Q")})
    missing = pd.DataFrame({"t": texts(*[None] * 6)})
    library.write("s", {"one": leaf, "more": [leaf.iloc[2:5], missing]}, recursive_normalizers=True)
    found = library.read("s").data
    assert_frame_equal(found["one"], leaf, check_freq=False)
    assert_frame_equal(found["more"][0], leaf.iloc[2:5], check_freq=False)
    assert_frame_equal(found["more"][1], missing, check_freq=False)
