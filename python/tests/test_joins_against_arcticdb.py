"""Joins of symbols, with ArcticDB and with Sterna."""

from __future__ import annotations

import arcticdb
import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from peers import SETTINGS, alike, frames, same

import sterna

TYPES = {
    "n": ["int8", "int64", "uint16", "float32", "float64"], "m": ["int8", "float64"], "s": ["object"],
    "d": ["datetime64[ns]"], "b": ["bool"],
}  # fmt: skip


@st.composite
def parts(draw):
    """A frame with some of the columns, in some order, with one of three indexes."""
    names = draw(st.lists(st.sampled_from(list(TYPES)), min_size=1, max_size=4, unique=True))
    frame = draw(frames(types=[draw(st.sampled_from(TYPES[name])) for name in names]))
    frame.columns = names
    if "s" in names and frame["s"].isna().all():
        # A column of nothing but None has no type with ArcticDB.
        frame["s"] = "text"
    kind = draw(st.sampled_from(["time", "time", "time", "other", "range"]))
    if kind == "range":
        return frame.reset_index(drop=True)
    return frame.rename_axis("other") if kind == "other" else frame


@SETTINGS
@given(data=st.data(), join=st.sampled_from(["outer", "inner"]))
def test_joins_are_the_same(both, data, join):
    tables = data.draw(st.lists(parts(), min_size=1, max_size=4))
    head = data.draw(st.none() | st.integers(-5, 5))
    outcomes = []
    for library, module in zip(both, (arcticdb, sterna), strict=True):
        names = [library.write(f"s{number}", each).symbol for number, each in enumerate(tables)]
        first = None if head is None else module.QueryBuilder().head(head)
        requests = [module.ReadRequest(name, query_builder=first) for name in names]
        try:
            joined = library.read_batch_and_join(requests, module.QueryBuilder().concat(join))
            outcomes.append(("done", joined.data))
        except Exception as error:
            outcomes.append(("failed", error))
    (their_state, theirs), (our_state, ours) = outcomes
    assert their_state == our_state, outcomes
    if their_state == "failed":
        assert alike(*outcomes), outcomes
    elif not theirs.columns.empty:
        same(theirs, ours)
    elif not isinstance(ours.index, pd.RangeIndex):
        # Of rows with nothing but numbers ArcticDB sometimes leaves none; here they stay, as with pandas.concat.
        pd.testing.assert_index_equal(theirs.index, ours.index)


SERIES = pd.Series([1.5, 2.5], name="x", index=pd.date_range("2020", periods=2, name="t"))
MEETINGS = {
    "series": [SERIES, SERIES + 1],
    "series of two names": [SERIES, SERIES.rename("y")],
    "a series and a frame": [SERIES, SERIES.to_frame()],
    "zones": [SERIES.tz_localize("UTC").to_frame(), SERIES.tz_localize("America/New_York").to_frame()],
    "range steps": [pd.DataFrame({"x": [1, 2]}, index=pd.RangeIndex(3, 7, 2))] * 2,
    "other range steps": [pd.DataFrame({"x": [1, 2]}, index=pd.RangeIndex(0, 2 * n, n)) for n in (2, 3)],
    "levels": [SERIES.to_frame().assign(k=["a", "b"]).set_index("k", append=True)] * 2,
    "other levels": [SERIES.to_frame().assign(**{k: ["a", "b"]}).set_index(k, append=True) for k in "kl"],
    "levels and none": [SERIES.to_frame().assign(k=["a", "b"]).set_index("k", append=True), SERIES.to_frame()],
    "texts and numbers": [pd.DataFrame({"x": ["a"]}), pd.DataFrame({"x": [1]})],
    "bools and numbers": [pd.DataFrame({"x": [True]}), pd.DataFrame({"x": [1]})],
    "large whole numbers": [pd.DataFrame({"x": np.array([2**64 - 1], t)}) for t in ("uint64", "float32")],
    "integers as index": [pd.DataFrame({"x": [1.0]}, index=[7])] * 2,
    "arrays": [np.arange(3)] * 2,
}


@pytest.mark.parametrize("tables", MEETINGS.values(), ids=MEETINGS.keys())
@pytest.mark.parametrize("join", ["outer", "inner"])
def test_kinds_of_objects_meet_in_the_same_way(both, tables, join):
    outcomes = []
    for library, module in zip(both, (arcticdb, sterna), strict=True):
        names = [library.write(f"s{number}", each).symbol for number, each in enumerate(tables)]
        query = module.QueryBuilder().concat(join)
        try:
            outcomes.append(("done", library.read_batch_and_join([module.ReadRequest(n) for n in names], query).data))
        except Exception as error:
            outcomes.append(("failed", error))
    assert outcomes[0][0] == outcomes[1][0], outcomes
    if outcomes[0][0] == "failed":
        assert alike(*outcomes), outcomes
    else:
        same(outcomes[0][1], outcomes[1][1])
