"""Steps of reads, lazy reads and joins."""

from __future__ import annotations

import pickle

import numpy as np
import pandas as pd
import pytest
from frames import DAYS, frame, same
from pandas.testing import assert_frame_equal

import sterna as st
from sterna import exceptions


@pytest.fixture
def filled(library):
    library.write("symbol", frame())
    library.write("numbers", frame().reset_index(drop=True))
    library.write("array", np.arange(10))
    return library


STEPS = {
    "head": (lambda q: q.head(3), frame(slice(0, 3))),
    "negative head": (lambda q: q.head(-3), frame(slice(0, 7))),
    "tail": (lambda q: q.tail(3), frame(slice(7, 10))),
    "negative tail": (lambda q: q.tail(-3), frame(slice(3, 10))),
    "no tail": (lambda q: q.tail(0), frame(slice(0, 0))),
    "rows": (lambda q: q.row_range((2, -2)), frame(slice(2, 8))),
    "all rows": (lambda q: q.row_range((None, None)), frame()),
    "times": (lambda q: q.date_range((DAYS[3], None)), frame(slice(3, 10))),
    "times of times": (lambda q: q.date_range((DAYS[3], None)).date_range((None, DAYS[6])), frame(slice(3, 7))),
    "rows of times": (lambda q: q.date_range((DAYS[3], None)).row_range((1, 3)), frame(slice(4, 6))),
    "times of rows": (lambda q: q.head(5).date_range((DAYS[3], None)), frame(slice(3, 5))),
    "rows of rows": (lambda q: q.tail(5).head(2).tail(1), frame(slice(6, 7))),
}


@pytest.mark.parametrize(("step", "expected"), STEPS.values(), ids=STEPS.keys())
def test_steps_are_taken_in_their_order(filled, step, expected):
    same(filled.read("symbol", query_builder=step(st.QueryBuilder())).data, expected)
    same(step(filled.read("symbol", lazy=True)).collect().data, expected)
    for form in ("pyarrow", "polars"):
        table = filled.read("symbol", query_builder=step(st.QueryBuilder()), output_format=form).data
        assert list(table["a"].to_numpy()) == expected["a"].to_list()
    joined = filled.read_batch_and_join(["symbol"], step(st.QueryBuilder()).concat())
    same(joined.data, expected)
    joined = filled.read_batch_and_join(["symbol"], step(st.QueryBuilder().concat()))
    same(joined.data, expected)


def test_an_array_has_rows_too(filled):
    assert filled.read("array", query_builder=st.QueryBuilder().tail(4).head(2)).data.tolist() == [6, 7]


def test_times_of_what_has_none_are_refused(filled):
    for steps in (st.QueryBuilder().date_range((DAYS[0], None)), st.QueryBuilder().head(3).date_range((DAYS[0], None))):
        with pytest.raises(exceptions.RangeNotSupportedException):
            filled.read("numbers", query_builder=steps)


def test_a_builder_can_be_compared_pickled_and_put_together():
    query = st.QueryBuilder().date_range((DAYS[3], None)).head(2)
    assert pickle.loads(pickle.dumps(query)) == query != st.QueryBuilder()
    assert st.QueryBuilder().head(2).prepend(st.QueryBuilder().date_range((DAYS[3], None))) == query
    assert st.QueryBuilder().date_range((DAYS[3], None)).then(st.QueryBuilder().head(2)) == query
    assert "Times" in repr(query) and query.optimise_for_speed().optimise_for_memory() is query


REFUSED = {
    "filter": lambda q: q["a"] > 3, "projection": lambda q: q.apply("c", 1), "group": lambda q: q.groupby("a"),
    "resample": lambda q: q.resample("1min"), "aggregate": lambda q: q.agg({"a": "sum"}),
    "column": lambda _: st.col("a"), "choice": lambda _: st.where(True, 1, 2),
}  # fmt: skip


@pytest.mark.parametrize("build", REFUSED.values(), ids=REFUSED.keys())
def test_what_is_not_built_yet_says_so(build):
    with pytest.raises(exceptions.ArcticDbNotYetImplemented, match="not supported yet"):
        build(st.QueryBuilder())


def test_contradictions_are_refused(filled):
    query = st.QueryBuilder().head(1)
    calls = [
        lambda: filled.read_batch([st.ReadRequest("symbol", query_builder=query)], query_builder=query),
        lambda: filled.read("symbol", query_builder=st.QueryBuilder().concat()),
        lambda: filled.read("symbol", query_builder="a > 3"),
        lambda: filled.read("symbol", row_range=3),
        lambda: filled.read("symbol", row_range=(1.5, 2)),
        lambda: filled.read("symbol", columns="a"),
        lambda: filled.read_batch_and_join(["symbol"], query),
        lambda: filled.read_batch_and_join(["symbol"], st.QueryBuilder().concat().concat()),
        lambda: filled.read_batch_and_join([], st.QueryBuilder().concat()),
        lambda: st.QueryBuilder().concat("left"),
        lambda: st.concat([]).collect(),
    ]
    for call in calls:
        with pytest.raises((exceptions.UserInputException, exceptions.ArcticInvalidApiUsageException)):
            call()


# ---- Lazy


def test_lazy_frames_read_when_they_are_collected(filled):
    lazy = filled.read("symbol", lazy=True, columns=["a"])
    assert lazy.head(4) is lazy and "symbol" in repr(lazy)
    same(lazy.collect().data, frame(slice(0, 4))[["a"]])
    same(filled.head("symbol", 4, lazy=True).tail(1).collect().data, frame(slice(3, 4)))
    batch = filled.read_batch(["symbol", "symbol", "nothing"], lazy=True).head(2)
    first, second, failed = batch.collect()
    same(first.data, frame(slice(0, 2)))
    same(second.data, first.data)
    assert isinstance(failed, st.DataError) and failed.version_request_type is st.VersionRequestType.LATEST
    assert [len(each.collect().data) for each in batch.split()[:2]] == [2, 2]
    joined = st.concat([filled.read("symbol", lazy=True).head(2), filled.read("symbol", lazy=True).tail(1)])
    same(joined.tail(2).collect().data, pd.concat([frame(slice(1, 2)), frame(slice(9, 10))]))


# ---- Joins


def test_a_join_names_its_versions_and_fails_as_a_whole(filled):
    filled.write("symbol", frame(slice(0, 5)), metadata={"n": 1})
    joined = filled.read_batch_and_join(
        [st.ReadRequest("symbol", as_of=0, columns=["a"]), "symbol"], st.QueryBuilder().concat("inner")
    )
    assert [(item.symbol, item.version, item.metadata) for item in joined.versions] == [
        ("symbol", 0, None), ("symbol", 1, {"n": 1}),
    ]  # fmt: skip
    same(joined.data, pd.concat([frame()[["a"]], frame(slice(0, 5))[["a"]]]))
    with pytest.raises(exceptions.NoSuchVersionException):
        filled.read_batch_and_join(["symbol", "nothing"], st.QueryBuilder().concat())
    for others in ("numbers", "array"):
        with pytest.raises(exceptions.SchemaException):
            filled.read_batch_and_join(["symbol", others], st.QueryBuilder().concat())


def joined(library, *frames, join="outer", **options):
    names = [f"part{number}" for number in range(len(frames))]
    for name, each in zip(names, frames, strict=True):
        library.write(name, each)
    return library.read_batch_and_join(names, st.QueryBuilder().concat(join), **options).data


def test_a_join_keeps_what_arcticdb_loses(library):
    """Categories that differ, nullable numbers, empty parts, and missing numbers for Arrow."""
    one = pd.DataFrame({"c": pd.Categorical(["a", "b"]), "n": pd.array([1, None], "Int8")}, index=DAYS[:2])
    other = pd.DataFrame({"c": pd.Categorical(["c", None]), "n": pd.array([300, None], "Int64")}, index=DAYS[:2])
    result = joined(library, one, other, one.iloc[:0])
    expected = pd.DataFrame(
        {"c": pd.Categorical(["a", "b", "c", None]), "n": pd.array([1, None, 300, None], "Int64")},
        index=DAYS[:2].append(DAYS[:2]),
    )
    assert_frame_equal(result, expected, check_freq=False)
    table = joined(library, frame(slice(0, 1)), frame(slice(0, 1))[["b"]], output_format="pyarrow")
    assert table["a"].to_pylist() == [0, None] and table.column_names == ["day", "a", "b"]


def test_instants_of_several_units_take_the_finest(library):
    one = pd.DataFrame({"t": DAYS[:1].as_unit("s")})
    assert joined(library, one, pd.DataFrame({"t": DAYS[:1].as_unit("us")}))["t"].dtype == "datetime64[us]"
    far = pd.DataFrame({"t": np.array(["9999-01-01"], "M8[s]")})
    with pytest.raises(exceptions.SchemaException, match="do not fit"):
        joined(library, far, pd.DataFrame({"t": DAYS[:1].as_unit("ns")}))


@pytest.mark.parametrize("form", ["pandas", "pyarrow", "polars"])
def test_years_that_nanoseconds_do_not_reach_are_chosen_by_time(library, form):
    unit = "s" if form != "polars" else "ms"
    days = np.array(["1600-01-01", "2013-10-07", "9999-01-01"], f"M8[{unit}]")
    index = pd.DatetimeIndex(days, name="day")
    library.write("far", pd.DataFrame({"a": [1, 2, 3]}, index=index))

    def rows(data):
        return data["a"].to_pylist() if form == "pyarrow" else data["a"].to_list()

    def chosen(start, end, *steps):
        query = st.QueryBuilder()
        for number in steps:
            query = query.head(number)
        return rows(library.read("far", query_builder=query.date_range((start, end)), output_format=form).data)

    today = pd.Timestamp("2013-10-07")
    for steps in ((), (3,)):
        assert chosen(None, today, *steps) == [1, 2] and chosen(today, None, *steps) == [2, 3]
        assert chosen(today, pd.Timestamp("9999-12-31"), *steps) == [2, 3]
        assert chosen(pd.Timestamp("1600-01-01"), np.datetime64("2013-10-06"), *steps) == [1]
        assert chosen("9000-01-01", pd.Timestamp("9998-12-31"), *steps) == []
        assert chosen("9999-01-01", "9999-01-01", *steps) == [3]
    query = st.QueryBuilder().concat().date_range((today, None))
    assert rows(library.read_batch_and_join(["far", "far"], query, output_format=form).data) == [2, 3, 2, 3]
    library.update("far", pd.DataFrame({"a": [4]}, index=index[2:]), date_range=("9000-01-01", None))
    assert chosen(None, None) == [1, 2, 4]
    merged = library.merge("far", pd.DataFrame({"a": [3]}, index=index[2:]), strategy=("update", "do_nothing"))
    assert merged.version == 2 and chosen(None, None) == [1, 2, 3]
    library.delete_data_in_range("far", (None, "1999-12-31"))
    assert chosen(None, None) == [2, 3]


# ---- Texts in Arrow


def test_texts_come_in_the_form_that_is_asked_for(memory_store):
    import polars
    import pyarrow

    library = memory_store.create_library("texts", output_format="pyarrow", arrow_string_format_default="categorical")
    library.write("symbol", pd.DataFrame({"s": ["a", "b", "a"], "t": ["x", None, "y"]}))
    coded = pyarrow.dictionary(pyarrow.int32(), pyarrow.large_string())
    assert library.read("symbol").data.schema.types == [coded, coded]
    forms = library.read("symbol", arrow_string_format_per_column={"s": pyarrow.string()}).data
    assert forms.schema.types == [pyarrow.string(), coded] and forms["t"].to_pylist() == ["x", None, "y"]
    plain = library.read("symbol", arrow_string_format_default=st.ArrowOutputStringFormat.LARGE_STRING).data
    assert plain.schema.types == [pyarrow.large_string()] * 2
    assert library.head("symbol", 1, output_format="polars").data.schema["s"] == polars.Categorical
    with pytest.raises(exceptions.ArcticInvalidApiUsageException):
        library.read("symbol", output_format="polars", arrow_string_format_default="SMALL_STRING")
    with pytest.raises(exceptions.ArcticInvalidApiUsageException):
        library.read("symbol", arrow_string_format_default="tiny")
    reopened = pickle.loads(pickle.dumps(memory_store))["texts"].read("symbol", output_format="pyarrow").data
    assert reopened.schema.types == [pyarrow.large_string()] * 2


# ---- Options of a library


def test_a_library_may_prune_what_is_before_a_new_version(memory_store):
    library = memory_store.create_library("pruning", st.LibraryOptions(prune_previous_versions=True))
    library.write("symbol", frame(slice(0, 5)))
    library.append("symbol", frame(slice(5, 10)))
    assert [key.version for key in library.list_versions("symbol")] == [1]
    library.write_metadata("symbol", "kept", prune_previous_versions=False)
    assert [key.version for key in library.list_versions("symbol")] == [2, 1]
    assert memory_store["pruning"].options().prune_previous_versions


def test_joined_categories_are_categories_in_every_format(library):
    def piece(values, categories):
        return pd.DataFrame({"c": pd.Categorical(values, categories), "n": range(len(values))})

    library.write("one", piece(["a", None, "b"], ["b", "a"]))
    library.write("two", piece(["new", "a"], ["a", "new"]))
    library.write("lacking", pd.DataFrame({"n": [7]}))
    library.write("plain", pd.DataFrame({"c": pd.Series(["t"], dtype=object), "n": [1]}))

    def joined(symbols, form):
        return library.read_batch_and_join(symbols, st.QueryBuilder().concat(), output_format=form).data

    symbols = ["one", "lacking", "two", "one"]
    expected = ["a", None, "b", None, "new", "a", "a", None, "b"]
    arrow, frame = joined(symbols, "pyarrow"), joined(symbols, "polars")
    assert str(arrow.schema.field("c").type).startswith("dictionary<values=large_string")
    assert arrow["c"].to_pylist() == frame["c"].to_list() == expected
    assert str(frame.schema["c"]).startswith("Categorical")
    result = joined(symbols, "pandas")["c"]
    assert result.cat.categories.to_list() == ["b", "a", "new"]
    assert result.astype(object).where(result.notna(), None).to_list() == expected
    # With plain texts among them the whole is plain texts.
    assert str(joined(["one", "plain"], "polars").schema["c"]) == "String"
    assert joined(["one", "plain"], "pyarrow")["c"].to_pylist() == ["a", None, "b", "t"]
