"""What pandas writes, it reads back: values, types, labels, indexes."""

from __future__ import annotations

import datetime

import numpy as np
import pandas as pd
import pytest
from pandas.testing import assert_frame_equal, assert_series_equal

import sterna
from sterna import exceptions

TIMES = pd.date_range("2013-10-07 09:30", periods=4, freq="s", name="time")
PANDAS_3 = int(pd.__version__.split(".")[0]) >= 3


def round_trip(library, frame):
    library.write("symbol", frame)
    result = library.read("symbol").data
    if isinstance(frame, pd.Series):
        assert_series_equal(result, frame, check_exact=True, check_freq=False)
    else:
        assert_frame_equal(result, frame, check_exact=True, check_freq=False, check_column_type="exact")
    return result


NUMBER_TYPES = [
    "int8", "int16", "int32", "int64", "uint8", "uint16", "uint32", "uint64", "float32", "float64", "bool",
]  # fmt: skip


@pytest.mark.parametrize("dtype", NUMBER_TYPES)
def test_numbers_keep_their_type_and_extremes(library, dtype):
    values = np.array([0, 1, 1, 0], dtype=dtype)
    if values.dtype.kind in "iu":
        values[:2] = np.iinfo(dtype).min, np.iinfo(dtype).max
    if values.dtype.kind == "f":
        values[:3] = np.nan, -0.0, np.inf
    result = round_trip(library, pd.DataFrame({"x": values}, index=TIMES))
    assert result["x"].to_numpy().tobytes() == values.tobytes()


@pytest.mark.parametrize("unit", ["s", "ms", "us", "ns"])
@pytest.mark.parametrize("zone", [None, "UTC", "Europe/London", "+05:30"])
def test_times_keep_unit_zone_and_gaps(library, unit, zone):
    times = pd.Series(["2020-01-01", None, "1960-06-01 12:00"], dtype=f"datetime64[{unit}]").dt.tz_localize(zone)
    round_trip(library, pd.DataFrame({"t": times}))


@pytest.mark.parametrize("unit", ["s", "ms", "us", "ns"])
def test_lengths_of_time_keep_unit_and_gaps(library, unit):
    round_trip(library, pd.DataFrame({"d": pd.Series([1, None, -5], dtype=f"timedelta64[{unit}]")}))


@pytest.mark.parametrize("zone", [None, "UTC", "America/New_York"])
@pytest.mark.parametrize("unit", ["s", "ms", "us", "ns"])
@pytest.mark.parametrize("name", ["time", None, 3])
def test_a_time_index_keeps_unit_zone_and_name(library, zone, unit, name):
    index = pd.DatetimeIndex(TIMES, name=name).as_unit(unit).tz_localize(zone)
    round_trip(library, pd.DataFrame({"x": range(4)}, index=index))


TEXTS = {
    "texts": ["a", "", "ü€😀", "a"],
    "with None": ["a", None, "b", None],
    "with NaN": ["a", np.nan, "b", "c"],
    "with NA": ["a", pd.NA, "b", "c"],
    "all None": [None] * 4,
    "bytes": [b"a", b"", b"\x00\xff", None],
    "dates": [datetime.date(1970, 1, 1), datetime.date(9999, 12, 31), None, datetime.date(1, 1, 1)],
    "bools with None": [True, None, False, True],
    "bools with NaN": [True, np.nan, False, True],
    "dates with NaT": [datetime.date(1970, 1, 1), pd.NaT, datetime.date(2020, 1, 1), pd.NaT],
    "all NaN": [np.nan] * 4,
    "bytes with NaN": [b"a", np.nan, b"", b"b"],
}


@pytest.mark.parametrize("values", TEXTS.values(), ids=TEXTS.keys())
def test_objects_keep_their_values_and_kind_of_gap(library, values):
    frame = pd.DataFrame({"x": pd.Series(values, dtype=object)})
    result = round_trip(library, frame)
    for before, after in zip(values, result["x"], strict=True):
        assert type(before) is type(after)


@pytest.mark.parametrize("values", TEXTS.values(), ids=TEXTS.keys())
def test_arrays_of_objects_keep_them_too(library, values):
    array = np.array([*values, None][:-1], dtype=object)
    library.write("symbol", array)
    result = library.read("symbol").data
    assert result.dtype == object
    for before, after in zip(array, result, strict=True):
        assert type(before) is type(after)


MIXTURES = {
    "texts": ["a", None, np.nan], "few texts": [*"ab" * 50, None, np.nan], "nothing else": [np.nan, None],
    "bytes": [b"a", pd.NA, None], "dates": [datetime.date(2020, 1, 1), None, pd.NaT], "bools": [True, np.nan, None],
}  # fmt: skip


@pytest.mark.parametrize("values", MIXTURES.values(), ids=MIXTURES.keys())
def test_several_kinds_of_missing_objects_are_refused_with_advice(library, values):
    frame = pd.DataFrame({"x": pd.Series(values, dtype=object)})
    with pytest.raises(exceptions.NormalizationException, match=r"'x' mixes .* Convert it") as caught:
        library.write("symbol", frame)
    assert not library.has_symbol("symbol")
    assert "frame['x'].where(frame['x'].notna(), None)" in str(caught.value)
    frame["x"] = frame["x"].where(frame["x"].notna(), None)
    result = round_trip(library, frame)
    assert not any(isinstance(value, float) for value in result["x"])


def test_what_is_missing_in_a_symbol_stays_what_it_is(library):
    def piece(day, value):
        index = pd.date_range("2020", periods=2, freq="h", name="t") + pd.Timedelta(day, "D")
        return pd.DataFrame({"x": ["a", value]}, index=index, dtype=object)

    library.write("symbol", piece(0, None))
    for operation, day in ((library.append, 1), (library.update, 0)):
        with pytest.raises(exceptions.SchemaException, match="NaN in the appended data and None in the symbol"):
            operation("symbol", piece(day, np.nan))
    library.append("symbol", piece(1, "b"))
    library.append("symbol", piece(2, None))
    assert library.read("symbol").data["x"].to_list() == ["a", None, "a", "b", "a", None]
    # What began without any takes the kind of the first.
    library.write("other", piece(0, "b"))
    library.append("other", piece(1, np.nan))
    assert isinstance(library.read("other").data["x"].iloc[3], float)
    # In a join each keeps its own.
    query = sterna.QueryBuilder().concat()
    values = library.read_batch_and_join(["symbol", "other"], query).data["x"].to_list()
    assert [type(value).__name__ for value in values] == [
        "str", "NoneType", "str", "str", "str", "NoneType", "str", "str", "str", "float",
    ]  # fmt: skip


def test_equal_texts_become_one_object(library):
    frame = pd.DataFrame({"x": pd.Series(["".join(["a", "b"]) for _ in range(1000)], dtype=object)})
    result = round_trip(library, frame)
    assert len({id(value) for value in result["x"]}) == 1


EXTENSIONS = {
    "Int64": [1, None, 2**62], "Int8": [1, None, -128], "UInt64": [0, None, 2**64 - 1], "Float64": [0.5, None, 1.0],
    "Float32": [0.5, None, 1.0], "boolean": [True, None, False], "string": ["a", None, "b"],
    "string[pyarrow]": ["a", None, "b"], "category": ["a", None, "b"],
    "int64[pyarrow]": [1, None, 3], "double[pyarrow]": [1.5, None, 3], "string[pyarrow_arrow]": ["a", None, "b"],
    "bool[pyarrow]": [True, None, False], "timestamp[us][pyarrow]": [datetime.datetime(2020, 1, 1), None, None],
    "large_string[pyarrow]": ["a", None, "b"], "date32[day][pyarrow]": [datetime.date(2020, 1, 1), None, None],
}  # fmt: skip


@pytest.mark.parametrize("name", EXTENSIONS)
def test_extension_types_come_back(library, name):
    import pyarrow

    dtype = pd.ArrowDtype(pyarrow.string()) if name == "string[pyarrow_arrow]" else name
    frame = pd.DataFrame({"x": pd.Series(EXTENSIONS[name], dtype=dtype)})
    result = round_trip(library, frame)
    assert result["x"].dtype == frame["x"].dtype
    round_trip(library, frame.iloc[:0])


@pytest.mark.parametrize("ordered", [False, True])
@pytest.mark.parametrize("categories", [["b", "a", "unused"], [3, 1, 2], [1.5, 2.5, 0.0]])
def test_categories_keep_their_order_and_those_unused(library, ordered, categories):
    values = pd.Categorical([categories[0], None, categories[1]], categories=categories, ordered=ordered)
    round_trip(library, pd.DataFrame({"x": values}))


INDEXES = {
    "range": pd.RangeIndex(4), "range from 3 by 2": pd.RangeIndex(3, 11, 2), "named range": pd.RangeIndex(4, name="n"),
    "falling range": pd.RangeIndex(4, 0, -1), "integers": pd.Index([5, 3, 3, 1]),
    "texts": pd.Index(["d", "a", "c", "c"], name="key"), "floats": pd.Index([0.5, 2.5, 1.5, 0.0]),
    "unsigned": pd.Index([5, 3, 3, 1], dtype="uint8"),
    "time and text": pd.MultiIndex.from_arrays([TIMES, ["a", "b", "a", "b"]], names=["time", "key"]),
    "time and number, unnamed": pd.MultiIndex.from_arrays([TIMES, [1, 2, 1, 2]]),
    "two texts": pd.MultiIndex.from_product([["a", "b"], ["x", "y"]], names=["outer", None]),
}  # fmt: skip


@pytest.mark.parametrize("index", INDEXES.values(), ids=INDEXES.keys())
def test_indexes_come_back(library, index):
    frame = pd.DataFrame({"x": range(4), "y": list("abcd")}, index=index)
    round_trip(library, frame)
    assert_frame_equal(library.read("symbol", columns=["y"]).data, frame[["y"]], check_freq=False)
    assert_frame_equal(library.read("symbol", row_range=(1, 3)).data, frame.iloc[1:3], check_freq=False)
    assert_frame_equal(library.tail("symbol", 2).data, frame.tail(2), check_freq=False)
    if index.nlevels == 1:
        round_trip(library, frame.iloc[:0])


LABELS = {
    "repeated": ["a", "b", "a"], "numbers": [3, 1, 2], "range": pd.RangeIndex(3), "mixed": ["1", 1, None],
    "as the index": ["time", "index", "x"], "named": pd.Index(["a", "b", "c"], name="columns"),
    "times": list(pd.date_range("2020", periods=3)), "tuple": ["a", ("b", 1), "c"], "empty text": ["", "a", "b"],
}  # fmt: skip


@pytest.mark.parametrize("labels", LABELS.values(), ids=LABELS.keys())
@pytest.mark.parametrize("index", [TIMES, pd.RangeIndex(4), pd.DatetimeIndex(TIMES, name=None)], ids=str)
def test_labels_come_back(library, labels, index):
    frame = pd.DataFrame(np.arange(12).reshape(4, 3), index=index)
    frame.columns = pd.Index(labels, tupleize_cols=False) if isinstance(labels, list) else labels
    library.write("symbol", frame)
    result = library.read("symbol").data
    assert_frame_equal(result, frame, check_freq=False, check_column_type=False)
    for label in {label for label in frame.columns if label is not None}:
        part = library.read("symbol", columns=[label]).data
        expected = frame.loc[:, [other == label for other in frame.columns]]
        assert_frame_equal(part, expected, check_freq=False, check_column_type=False)


def test_what_is_done_to_the_labels_of_a_read_stays_with_it(library):
    frame = pd.DataFrame({"a": [1.0], "b": [2.0]}, index=TIMES[:1])
    library.write("symbol", frame)
    first = library.read("symbol").data
    first.columns.name = "other"
    if not PANDAS_3:
        first.columns.values[0] = "changed"
    assert_frame_equal(library.read("symbol").data, frame, check_exact=True, check_freq=False)


@pytest.mark.parametrize("name", ["price", None, 7])
def test_series_come_back(library, name):
    round_trip(library, pd.Series([1.5, np.nan, 3.5, 4.5], index=TIMES, name=name))
    round_trip(library, pd.Series(list("abcd"), name=name))


def test_attributes_come_back(library):
    frame = pd.DataFrame({"x": [1]})
    frame.attrs = {"source": "sip", "when": pd.Timestamp("2020-01-01", tz="UTC")}
    library.write("symbol", frame)
    assert library.read("symbol").data.attrs == frame.attrs


@pytest.mark.parametrize("frame", [pd.DataFrame(), pd.DataFrame(index=TIMES), pd.DataFrame({"x": []})], ids=str)
def test_empty_frames_come_back(library, frame):
    library.write("symbol", frame)
    result = library.read("symbol").data
    assert_frame_equal(result, frame, check_column_type=False, check_freq=False)


REFUSED = {
    "complex": pd.Series([1j]),
    "half": pd.Series([1.0], dtype="float16"),
    "period": pd.Series(pd.period_range("2020", periods=1)),
    "interval": pd.Series(pd.interval_range(0, 1)),
    "mixed": pd.Series([1, "a"], dtype=object),
    "list": pd.Series([[1, 2]], dtype=object),
    "text in bytes": pd.Series([b"a", "b"], dtype=object),
}


@pytest.mark.parametrize("values", REFUSED.values(), ids=REFUSED.keys())
def test_what_is_not_stored_is_refused_with_advice(library, values):
    with pytest.raises(exceptions.NormalizationException, match=r"column 'x' .*[Cc]onvert it"):
        library.write("symbol", pd.DataFrame({"x": values}))
    assert not library.has_symbol("symbol")


def test_columns_with_levels_are_refused(library):
    frame = pd.DataFrame([[1, 2]], columns=pd.MultiIndex.from_tuples([("a", 1), ("a", 2)]))
    with pytest.raises(exceptions.NormalizationException, match="levels"):
        library.write("symbol", frame)


def test_an_unsorted_time_index_is_refused_or_kept_as_it_is(library):
    frame = pd.DataFrame({"x": range(4)}, index=TIMES[::-1])
    with pytest.raises(exceptions.UnsortedDataException):
        library.write("symbol", frame)
    library.write("symbol", frame, validate_index=False)
    assert_frame_equal(library.read("symbol").data, frame, check_freq=False)
    assert library.get_description("symbol").sorted == "UNSORTED"


def test_numbers_are_views_on_the_engines_memory(library):
    from sterna import _engine

    library.write(
        "symbol", pd.DataFrame({"x": np.arange(10_000), "y": np.arange(10_000) * 0.5}, index=TIMES[:1].repeat(10_000))
    )
    before = _engine.live_arrays()
    data = library.read("symbol").data
    assert _engine.live_arrays() - before == 3
    for name in ("x", "y"):
        column = data[name].to_numpy()
        owner = column
        while isinstance(owner.base, np.ndarray):
            owner = owner.base
        assert isinstance(owner.base.obj if isinstance(owner.base, memoryview) else owner.base, _engine.Buffer)
        buffer = np.frombuffer(owner.base, dtype=np.uint8)
        assert buffer.ctypes.data <= column.ctypes.data < buffer.ctypes.data + buffer.nbytes
    data.loc[data.index[0], "x"] = 7
    kept = data["y"].to_numpy()
    del data, column, owner, buffer
    assert kept[-1] == 9_999 * 0.5
    del kept
    assert _engine.live_arrays() == before


def test_contiguous_numbers_are_lent_to_the_engine(library):
    from sterna import _columns

    values = np.arange(1000)
    assert np.shares_memory(_columns.number_column("x", values)[6][1], values)


@pytest.mark.parametrize("dtype", ["string[pyarrow]", "str"])
def test_strings_in_arrows_layout_are_made_without_objects(library, dtype, monkeypatch):
    if dtype == "str" and not PANDAS_3:
        pytest.skip("pandas 2 has no type of this name")
    from sterna import _columns

    values = [f"text {number}" for number in range(1000)] + [None, "ü€😀", ""]
    frames = [
        pd.DataFrame({"x": pd.Series(values, dtype=dtype)}),
        pd.DataFrame({"x": pd.Series(["a", None, "b"] * 400, dtype=dtype)}),
        pd.DataFrame({"x": pd.Series([], dtype=dtype)}),
    ]
    for each in frames:
        library.write("symbol", each)
        with monkeypatch.context() as patch:
            patch.setattr(_columns, "objects", None)
            result = library.read("symbol").data
            part = library.read("symbol", row_range=(1, 3)).data
        assert_frame_equal(result, each, check_exact=True)
        assert result["x"].dtype == each["x"].dtype
        assert_frame_equal(part, each.iloc[1:3], check_exact=True)


def test_the_engines_texts_are_free_before_the_next_column_is_made(library, monkeypatch):
    from sterna import _columns, _engine

    texts = [f"text {number}" for number in range(5_000)]
    library.write("symbol", pd.DataFrame({name: pd.Series(texts, dtype=object) for name in "abcd"}))
    before, decode, alive = _engine.live_arrays(), _columns.objects, []

    def counted(column, null=None):
        alive.append(_engine.live_arrays() - before)
        return decode(column, null)

    monkeypatch.setattr(_columns, "objects", counted)
    library.read("symbol")
    assert len(alive) == 4 and alive == sorted(alive, reverse=True) and alive[0] - alive[-1] == 3
