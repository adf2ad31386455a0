"""Dynamic schema, nested data, staging and merging, with ArcticDB and with Sterna."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from peers import COLUMNS, LONG_AGO, NUMBERS, SETTINGS, alike, frames, same

import sterna

# Bools are widened to nothing by either.
WIDENING = ["int8", "int64", "uint16", "float32", "float64", "object", "datetime64[ns]", "bool"]


@st.composite
def columns_of(draw):
    """A frame with some of six columns, each of which has one family of types."""
    names = draw(st.lists(st.sampled_from("abcdef"), min_size=1, max_size=4, unique=True))
    families = {
        "a": ["int8", "int64", "uint16"], "b": ["float32", "float64", "int8"], "c": ["object"],
        "d": ["datetime64[ns]"], "e": ["bool"], "f": WIDENING,
    }  # fmt: skip
    types = [draw(st.sampled_from(families[name])) for name in names]
    frame = draw(frames(types=types))
    frame.columns = names
    for name in names:
        if frame[name].dtype == object:
            # A column of nothing but None has no type with ArcticDB.
            frame[name] = frame[name].fillna("text")
    return frame


def normal(frame):
    """What is missing of texts is None or NaN with ArcticDB, depending on how it came to be missing."""
    return frame.assign(
        **{name: frame[name].where(frame[name].notna(), None) for name in frame if frame[name].dtype == "O"}
    )


@SETTINGS
@given(data=st.data())
def test_columns_come_go_and_widen_in_the_same_way(both_dynamic, data):
    symbol = f"s{next(NUMBERS)}"
    end = LONG_AGO
    for _ in range(data.draw(st.integers(2, 5))):
        operation = data.draw(st.sampled_from(["append", "append", "update"]))
        frame = data.draw(columns_of())
        if operation == "append":
            frame.index = frame.index + (end - LONG_AGO)
            end = frame.index[-1]
        outcomes = []
        for library in both_dynamic:
            try:
                outcomes.append(
                    (
                        "done",
                        getattr(library, operation)(symbol, frame, upsert=True).version
                        if operation == "update"
                        else library.append(symbol, frame).version,
                    )
                )
            except Exception as error:
                outcomes.append(("failed", error))
        assert outcomes[0][0] == outcomes[1][0], (operation, frame.dtypes, outcomes)
        if outcomes[0][0] == "failed":
            return
    theirs, ours = (library.read(symbol).data for library in both_dynamic)
    same(normal(theirs), normal(ours))


@SETTINGS
@given(data=st.data())
def test_nested_data_comes_back_the_same(both, data):
    leaf = st.one_of(frames(), st.builds(np.arange, st.integers(1, 5)))
    tree = data.draw(
        st.recursive(
            leaf,
            lambda below: st.one_of(
                st.dictionaries(st.sampled_from(["k", "l", "m"]), below, min_size=1, max_size=3),
                st.lists(below, min_size=1, max_size=3),
                st.tuples(below, below),
            ),
            max_leaves=5,
        ).filter(lambda tree: isinstance(tree, dict | list | tuple))
    )
    results = []
    for library in both:
        library.write("symbol", tree, recursive_normalizers=True)
        results.append(library.read("symbol").data)
    equal(*results)


def equal(theirs, ours):
    assert type(theirs) is type(ours)
    if isinstance(theirs, dict):
        assert theirs.keys() == ours.keys()
        for key in theirs:
            equal(theirs[key], ours[key])
    elif isinstance(theirs, list | tuple):
        for one, other in zip(theirs, ours, strict=True):
            equal(one, other)
    elif isinstance(theirs, np.ndarray):
        np.testing.assert_array_equal(theirs, ours)
    else:
        same(theirs, ours)


@SETTINGS
@given(data=st.data())
def test_pieces_are_finalized_in_the_same_way(both, data):
    symbol = f"s{next(NUMBERS)}"
    types = data.draw(st.lists(st.sampled_from(list(COLUMNS)), min_size=1, max_size=3))
    sorts = data.draw(st.booleans())
    for mode in data.draw(st.lists(st.sampled_from(["write", "append"]), min_size=1, max_size=3)):
        pieces = []
        for number in range(data.draw(st.integers(0, 3))):
            piece = data.draw(frames(types=types))
            # Each instant once: the order of equal ones is left open by ArcticDB.
            piece = piece[~piece.index.duplicated()]
            piece.index = piece.index + pd.Timedelta(data.draw(st.integers(0, 200)) * 1000 + number, "ms")
            pieces.append(piece)
        outcomes = []
        for library in both:
            for piece in pieces:
                library.stage(symbol, piece)
            finalize = library.sort_and_finalize_staged_data if sorts else library.finalize_staged_data
            try:
                outcomes.append(("done", finalize(symbol, mode, metadata=len(pieces)).version))
            except Exception as error:
                outcomes.append(("failed", error))
                library.delete_staged_data(symbol)
        assert alike(*outcomes), (mode, sorts, outcomes)
    theirs, ours = both
    if theirs.has_symbol(symbol):
        same(theirs.read(symbol).data, ours.read(symbol).data)


@pytest.mark.parametrize("strategy", [("update", "do_nothing"), ("do_nothing", "insert"), ("update", "insert")])
@SETTINGS
@given(data=st.data())
def test_merges_are_the_same(both, strategy, data):
    symbol = f"s{next(NUMBERS)}"
    keys = st.lists(st.integers(0, 12), min_size=1, max_size=8, unique=True)
    parts = []
    for first in (0, 100):
        seconds = sorted(data.draw(keys))
        index = pd.DatetimeIndex([LONG_AGO + pd.Timedelta(second, "s") for second in seconds], name="time")
        values = np.arange(first, first + len(seconds))
        parts.append(pd.DataFrame({"v": values, "s": [f"{value}" for value in values]}, index=index))
    target, source = parts
    results = []
    for library in both:
        library.write(symbol, target)
        kind = sterna.MergeStrategy
        if library is both[0]:
            from arcticdb.version_store._store import MergeStrategy as kind
        library.merge_experimental(symbol, source, strategy=kind(*strategy))
        results.append(library.read(symbol).data)
    same(*results)
