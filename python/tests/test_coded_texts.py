"""Texts that repeat leave the engine as codes, whose type is that of whole numbers: never take them for some."""

from __future__ import annotations

import gc
import sys

import numpy as np
import pandas as pd
import pytest
from pandas.testing import assert_frame_equal

import sterna
from sterna import _engine

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


# ---- Texts that differ in a number: the number is the code


def column(values: list[str | None]) -> pd.DataFrame:
    return pd.DataFrame({"t": pd.Series(values, dtype=object)})


def objects_are_as_many_as_texts(found: pd.Series) -> bool:
    return len({id(text) for text in found if text is not None}) == found.nunique()


SHAPES = {
    "digits": lambda number: f"user-{number:07}",
    "plain numbers": lambda number: f"id {number}",
    "hexadecimal": lambda number: f"{number + 2**32:x}",
    "words behind": lambda number: f"{number:09}-euro",
    "not ASCII": lambda number: f"\u00fc{number:05}",
    "far apart": lambda number: f"{number * 10_000_000_019:020}",
}


@pytest.mark.parametrize("shape", SHAPES.values(), ids=SHAPES.keys())
@pytest.mark.parametrize("rows_per_segment", [1_000, 100_000])
def test_ids_come_back_as_one_object_each(store: sterna.Store, shape, rows_per_segment: int) -> None:
    options = sterna.LibraryOptions(rows_per_segment=rows_per_segment)
    library = store.get_library(f"ids-{rows_per_segment}", create_if_missing=True, library_options=options)
    random = np.random.default_rng(1)
    numbers = random.integers(0, 9_000, 30_000)
    numbers[:10_000] = np.sort(numbers[:10_000])
    for has_nulls in (False, True):
        gaps = random.random(len(numbers)) < 0.1
        frame = column(
            [None if has_nulls and gap else shape(number) for number, gap in zip(numbers, gaps, strict=True)]
        )
        library.write("s", frame)
        found = library.read("s").data
        assert_frame_equal(found, frame)
        assert found["t"].to_list() == frame["t"].to_list()
        assert objects_are_as_many_as_texts(found["t"])
        part = library.read("s", row_range=(9_950, 20_050)).data["t"]
        assert part.to_list() == frame["t"].to_list()[9_950:20_050]
        assert objects_are_as_many_as_texts(part)


def test_many_texts_that_several_segments_have_are_one_object_each(store: sterna.Store) -> None:
    library = store.create_library("many", sterna.LibraryOptions(rows_per_segment=40_000))
    words = [f"{number * 7_919 % 99_991:x} and {number}" for number in range(4_900)]
    random = np.random.default_rng(2)
    values = [words[code] for code in random.integers(0, len(words), 160_000)]
    library.write("s", column(values))
    # The last rows are few, and stored plainly.
    library.append("s", column(["a new one", None, words[7]]).set_index(pd.RangeIndex(160_000, 160_003)))
    found = library.read("s").data["t"]
    assert found.to_list() == [*values, "a new one", None, words[7]]
    assert objects_are_as_many_as_texts(found)


def test_arrays_of_objects_are_freed_and_give_back_what_is_in_them_then(store: sterna.Store) -> None:
    library = store.create_library("freed")
    library.write("s", column([f"user-{number % 50_000:06}" for number in range(120_000)]))
    slots = _engine.live_slots()
    mine = object()
    for _ in range(5):
        frame = library.read("s").data
        assert _engine.live_slots() == slots + 1
        text = frame["t"].iloc[8]
        frame.iloc[5:50_005:2, 0] = mine
        values = frame["t"].to_numpy()
        # One in `text`, one of the argument, and one of each row that is left.
        assert sys.getrefcount(text) == 2 + sum(value is text for value in values)
        copy = frame.copy()
        del frame, values
        gc.collect()
        assert _engine.live_slots() == slots
        del copy
        assert sys.getrefcount(text) == 2
    assert sys.getrefcount(mine) == 2


def bounds_of(texts: list[bytes]) -> np.ndarray:
    return np.cumsum([0, *map(len, texts)])


@pytest.mark.parametrize("count", [10, 10_000])
@pytest.mark.parametrize("order", [1, -1])
def test_texts_that_are_no_utf8_leave_nothing_behind(count: int, order: int) -> None:
    texts = [b"%06d" % number for number in range(count)][::order]
    broken = [*texts[:-1], b"\xff" * 6]
    codes = np.arange(count, dtype=np.int32)
    slots, nones = _engine.live_slots(), sys.getrefcount(None)
    for _ in range(50):
        with pytest.raises(UnicodeDecodeError):
            _engine.decode_codes(codes, None, 0, count, bounds_of(broken), b"".join(broken), count, None)
        with pytest.raises(UnicodeDecodeError):
            _engine.decode_texts(bounds_of(broken), b"".join(broken), None, 0, count, False, None)
    # The last text is of no row, so it is not looked at among many.
    found = _engine.decode_codes(codes[:1], None, 0, 1, bounds_of(texts), b"".join(texts), count, None)
    assert np.ndarray((1,), dtype=object, buffer=found)[0] == texts[0].decode()
    del found
    assert _engine.live_slots() == slots
    assert abs(sys.getrefcount(None) - nones) < 50


def test_nulls_are_counted(store: sterna.Store) -> None:
    nones = sys.getrefcount(None)
    codes = np.arange(20_000, dtype=np.int32) % 10_000
    texts = [b"%06d" % number for number in range(10_000)]
    validity = np.packbits(codes % 3 != 0, bitorder="little")
    for null in (None, np.nan):
        before = sys.getrefcount(null)
        slots = _engine.decode_codes(
            codes[8:], validity[1:], 0, 20_000 - 8, bounds_of(texts), b"".join(texts), 10_000, null
        )
        values = np.ndarray((20_000 - 8,), dtype=object, buffer=slots)
        missing = codes[8:] % 3 == 0
        assert all(values[missing] == null) if null is None else all(value is null for value in values[missing])
        assert [int(text) for text in values[~missing]] == codes[8:][~missing].tolist()
        del slots, values
        assert abs(sys.getrefcount(null) - before) < 50
    assert abs(sys.getrefcount(None) - nones) < 50


# ---- Texts as they are


@pytest.mark.parametrize("is_binary", [False, True])
@pytest.mark.parametrize("longest", [0, 1, 7, 8, 15, 16, 17, 40])
def test_equal_texts_of_any_length_become_one_object(longest: int, is_binary: bool) -> None:
    random = np.random.default_rng(longest)
    # Zeros too: a text is not the same as one with zeros behind it.
    letters = random.choice(np.frombuffer(b"\0a\0b", np.uint8), (20_000, longest)).tobytes()
    texts = [
        letters[row * longest : row * longest + size]
        for row, size in enumerate(random.integers(max(0, longest - 3), longest + 1, 20_000))
    ]
    for rows in (texts, texts[:100], texts[:1], [*texts, b"z" * longest]):
        validity = np.packbits(random.random(len(rows)) < 0.9, bitorder="little")
        slots = _engine.decode_texts(bounds_of(rows), b"".join(rows), validity, 0, len(rows), is_binary, None)
        found = np.ndarray((len(rows),), dtype=object, buffer=slots).tolist()
        present = np.unpackbits(validity, bitorder="little")[: len(rows)].tolist()
        expected = [text if is_binary else text.decode() for text in rows]
        assert found == [text if here else None for text, here in zip(expected, present, strict=True)]
        assert len({id(text) for text in found}) == len(set(found))
