"""Types at the edges: they come back as they were, or are refused before anything is written."""

from __future__ import annotations

import datetime
import decimal
import enum
import zoneinfo

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
from pandas.testing import assert_frame_equal, assert_series_equal

from sterna import _zones, exceptions

INSTANTS = pd.to_datetime(["2020-01-01", "2020-07-01"]).tz_localize("UTC")


def zones():
    import dateutil.tz

    yield "Europe/Berlin", dateutil.tz.gettz("Europe/Berlin")
    yield "Europe/Berlin", zoneinfo.ZoneInfo("Europe/Berlin")
    yield "UTC", dateutil.tz.tzutc()
    yield "UTC", datetime.UTC
    yield "+01:00", dateutil.tz.tzoffset("somewhere", 3600)
    yield "+01:00", datetime.timezone(datetime.timedelta(hours=1), "named")
    yield "-03:30", datetime.timezone(-datetime.timedelta(hours=3, minutes=30))
    try:
        import pytz
    except ImportError:
        return
    yield "+01:30", pytz.FixedOffset(90)
    yield "Europe/Berlin", pytz.timezone("Europe/Berlin")


@pytest.mark.parametrize(("name", "zone"), list(zones()), ids=str)
def test_zones_of_every_library_are_stored_by_a_name_that_others_know(library, name, zone):
    assert _zones.zone_name(zone) == name
    instants = INSTANTS.tz_convert(zone)
    library.write("symbol", pd.DataFrame({"t": instants}, index=instants.rename("i")))
    result = library.read("symbol").data
    expected = INSTANTS.tz_convert(name)
    assert list(result["t"]) == list(result.index) == list(expected)
    assert str(result["t"].dt.tz) == str(expected.tz)
    assert str(pa.table(library.read("symbol", output_format="pyarrow").data).schema.field("t").type) == (
        f"timestamp[{INSTANTS.unit}, tz={name}]"
    )


def test_a_zone_without_a_name_is_refused_before_it_is_written(library):
    odd = datetime.timezone(datetime.timedelta(seconds=3661))
    for frame in (pd.DataFrame({"t": INSTANTS.tz_convert(odd)}), pd.DataFrame({"x": 1}, INSTANTS.tz_convert(odd))):
        with pytest.raises(exceptions.ArcticUnsupportedDataTypeException, match="tz_convert"):
            library.write("symbol", frame)
    with pytest.raises(exceptions.MetadataNotSupported, match="time zone"):
        library.write("symbol", np.arange(2), metadata=INSTANTS[0].tz_convert(odd))
    assert not library.has_symbol("symbol")


def test_a_zone_that_is_not_known_here_is_named(library):
    library.write("symbol", pa.table({"t": pa.array([1], pa.timestamp("s", "Mars/Olympus"))}))
    with pytest.raises(exceptions.CompatibilityException, match="Mars/Olympus"):
        library.read("symbol")
    assert library.read("symbol", output_format="pyarrow").data.num_rows == 1


CATEGORIES = {
    "int8": np.array([1, 2], "int8"), "Int64": pd.array([1, 2], "Int64"), "float32": np.array([1.5, 2.5], "float32"),
    "days": pd.to_datetime(["2020", "2021"]).as_unit("s"), "string": pd.array(["a", "b"], "string[python]"),
    "pyarrow": pd.array(["a", "b"], "string[pyarrow]"), "arrow": pd.array(["a", "b"], pd.ArrowDtype(pa.string())),
    "large": np.array([2**62 + 1, 2**62 + 2]), "bools": np.array([True, False]),
}  # fmt: skip


@pytest.mark.parametrize("categories", CATEGORIES.values(), ids=CATEGORIES.keys())
def test_categories_keep_their_own_type(library, categories):
    values = pd.Categorical.from_codes([0, -1, 1, 0], categories=pd.Index(categories))
    frame = pd.DataFrame({"x": values})
    library.write("symbol", frame)
    result = library.read("symbol").data
    assert_frame_equal(result, frame)
    assert result["x"].cat.categories.dtype == frame["x"].cat.categories.dtype
    assert_frame_equal(library.read("symbol", row_range=(3, 4)).data, frame.iloc[3:])


@pytest.mark.parametrize("values", [pd.cut([1, 2, 3], 2), pd.Categorical(pd.period_range("2020", periods=2))], ids=str)
def test_categories_that_are_not_stored_are_refused_as_data(library, values):
    with pytest.raises(exceptions.ArcticUnsupportedDataTypeException, match="'x' has categories"):
        library.write("symbol", pd.DataFrame({"x": values}))


ARROW = {
    "texts by codes": pa.array(["a", None, "a"]).dictionary_encode(),
    "numbers by codes": pa.array([1, None, 1]).dictionary_encode().cast(pa.dictionary(pa.int8(), pa.int64())),
    "nothing": pa.nulls(3),
}


@pytest.mark.parametrize("values", ARROW.values(), ids=ARROW.keys())
def test_what_arrow_types_are_written_can_be_read(library, values):
    frame = pd.DataFrame({"x": pd.array(values.to_pylist(), dtype=pd.ArrowDtype(values.type))})
    library.write("symbol", frame)
    result = library.read("symbol").data
    assert result["x"].dtype == frame["x"].dtype
    assert result["x"].isna().tolist() == frame["x"].isna().tolist()
    assert result["x"].dropna().tolist() == frame["x"].dropna().tolist()


def test_bools_as_objects_stay_objects(library):
    frame = pd.DataFrame({"x": pd.Series([True, False], dtype=object)})
    library.write("symbol", frame)
    assert_frame_equal(library.read("symbol").data, frame)


def test_whole_numbers_that_doubles_do_not_hold_are_not_rounded(library):
    for kind, value in (("int64", 2**53 + 1), ("int64", -(2**62) - 1), ("uint64", 2**64 - 1)):
        library.write("symbol", pa.table({"x": pa.array([value, None, 1], kind)}))
        result = library.read("symbol").data["x"]
        assert result[0] == value and result.isna().tolist() == [False, True, False]
    library.write("symbol", pa.table({"x": pa.array([2**53, None])}))
    assert library.read("symbol").data["x"].dtype == np.float64


def test_columns_of_arrow_that_share_a_name_are_all_there(library):
    library.write("symbol", pa.table([[1], ["x"], [2.5], [4]], names=["a", "b", "a", "a_2"]))
    result = library.read("symbol").data
    assert result.columns.tolist() == ["a", "b", "a", "a_2"]
    assert result.iloc[0].tolist() == [1, "x", 2.5, 4]


def test_frames_without_columns_keep_rows_and_labels(library):
    for index in (pd.RangeIndex(3), pd.date_range("2020", periods=3), pd.Index([3, 1, 2])):
        for frame in (pd.DataFrame(index=index), pd.DataFrame(index=index[:0])):
            library.write("symbol", frame)
            assert_frame_equal(library.read("symbol").data, frame, check_freq=False, check_column_type="exact")


@pytest.mark.parametrize("name", [3, ("a", 1), None, "x"])
def test_the_name_of_a_series_may_be_anything_that_is_stored(library, name):
    series = pd.Series([1, 2], name=name)
    library.write("symbol", series)
    result = library.read("symbol").data
    assert_series_equal(result, series)
    assert type(result.name) is type(name)


@pytest.mark.parametrize("dtype", ["M8[D]", "M8[h]", "M8[M]", "m8[D]", "m8[m]"])
def test_arrays_of_long_units_keep_them(library, dtype):
    array = np.array([0, -5, "NaT"], dtype=dtype)
    library.write("symbol", array)
    result = library.read("symbol").data
    assert result.dtype == array.dtype
    np.testing.assert_array_equal(result, array)


REFUSED = {
    "a mask": (np.ma.masked_array([1, 2], [0, 1]), "mask"), "no values": (np.zeros((3, 0)), "rows"),
    "beyond seconds": (np.array([2**62], "M8[h]"), "seconds"), "months": (np.array([1], "m8[M]"), "days"),
    "zero byte": (pd.DataFrame({"a\0b": [1]}), "zero byte"),
    "a label": (pd.DataFrame([[1]], columns=pd.period_range("2020", periods=1)), "label"),
    "attributes": (pd.DataFrame({"x": [1]}), "attrs"),
    "sparse": (pd.DataFrame({"x": pd.arrays.SparseArray([0, 1])}), "to_dense"),
    "instants": (pd.DataFrame({"x": pd.Series([pd.Timestamp("2020")], dtype=object)}), "to_datetime"),
    "decimals": (pd.DataFrame({"x": [decimal.Decimal(1)]}), "Decimal"),
    "lists": (pd.DataFrame({"x": [[1]]}), "list"),
    "two kinds": (pd.DataFrame({"x": [datetime.date(2020, 1, 1), datetime.datetime(2020, 1, 1)]}, dtype=object),
                  "date, datetime"),
}  # fmt: skip
REFUSED["attributes"][0].attrs = {"a": object()}


@pytest.mark.parametrize(("data", "why"), REFUSED.values(), ids=REFUSED.keys())
def test_what_is_not_stored_is_refused_with_what_to_do(library, data, why):
    with pytest.raises(exceptions.ArcticUnsupportedDataTypeException, match=why):
        library.write("symbol", data)
    assert not library.has_symbol("symbol")


class Colour(enum.IntEnum):
    RED = 5


@pytest.mark.parametrize(
    "value",
    [
        pd.Timestamp("2020-01-01").as_unit("s"),
        pd.Timestamp("3000-01-01").as_unit("s"),
        pd.Timestamp("2020-07-01", tz="Europe/Berlin"),
        pd.Timedelta(5, "s").as_unit("ms"),
        datetime.datetime(2020, 7, 1, tzinfo=zoneinfo.ZoneInfo("Europe/Berlin")),
        datetime.datetime(2020, 7, 1, tzinfo=datetime.UTC),
        Colour.RED,
        2**70,
    ],
    ids=repr,
)
def test_metadata_keeps_units_and_zones(library, value):
    library.write("symbol", np.arange(2), metadata={"value": value})
    result = library.read_metadata("symbol").metadata["value"]
    assert result == value
    assert getattr(result, "unit", None) == getattr(value, "unit", None)
    assert str(getattr(result, "tzinfo", None)) == str(getattr(value, "tzinfo", None))
