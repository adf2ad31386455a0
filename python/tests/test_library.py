"""The surface of stores and libraries."""

from __future__ import annotations

import datetime
import pickle

import numpy as np
import pandas as pd
import pytest
from frames import DAYS, frame, same

import sterna as st
from sterna import exceptions


def test_libraries_are_made_listed_opened_and_deleted(store):
    assert store.list_libraries() == []
    store.create_library("one")
    store.get_library("two", create_if_missing=True)
    assert store.list_libraries() == ["one", "two"]
    assert "one" in store and store.has_library("two") and "three" not in store
    with pytest.raises(ValueError, match="already exists"):
        store.create_library("one")
    with pytest.raises(exceptions.LibraryNotFound):
        store.get_library("three")
    with pytest.raises(exceptions.LibraryNotFound):
        store["three"]
    store["one"].write("symbol", frame())
    store.delete_library("one")
    store.delete_library("one")
    assert store.list_libraries() == ["two"]


def test_arctic_is_the_same_class():
    assert st.Arctic is st.Store


def test_versions_count_up_and_stay_readable(store):
    library = store.create_library("library")
    for number in range(3):
        item = library.write("symbol", frame(slice(number, None)), metadata={"number": number})
        assert (item.symbol, item.version, item.library, item.data) == ("symbol", number, "library", None)
    for number in range(3):
        item = library.read("symbol", as_of=number)
        same(item.data, frame(slice(number, None)))
        assert item.metadata == {"number": number}
        assert library.read("symbol", as_of=number - 3).version == number
        assert library.read_metadata("symbol", as_of=number).metadata == {"number": number}
    when = pd.Timestamp(library.read("symbol", as_of=1).timestamp, tz="UTC")
    assert library.read("symbol", as_of=when).version == 1
    assert library.read("symbol", as_of=when + pd.Timedelta(1, "ns")).version == 1
    assert list(library.list_versions("symbol")) == [("symbol", 2), ("symbol", 1), ("symbol", 0)]
    assert list(library.list_versions(latest_only=True)) == [("symbol", 2)]
    with pytest.raises(exceptions.NoSuchVersionException):
        library.read("symbol", as_of=7)
    with pytest.raises(exceptions.NoDataFoundException):
        library.read("nothing")
    assert library.has_symbol("symbol", as_of=2) and not library.has_symbol("symbol", as_of=3)
    assert "symbol" in library and "nothing" not in library


def test_rows_are_chosen_by_time(library):
    library.write("symbol", frame())
    day = datetime.datetime
    for bounds, rows in [
        (("2013-10-08", "2013-10-09"), slice(1, 3)), ((None, "2013-10-08"), slice(0, 2)),
        (("2013-10-15", None), slice(8, 10)), ((day(2013, 10, 8, 1), day(2013, 10, 9)), slice(2, 3)),
        ((pd.Timestamp("2013-10-08", tz="UTC"), None), slice(1, 10)), (("2014", "2015"), slice(0, 0)),
        (("2013-10-09", "2013-10-08"), slice(0, 0)), ((None, None), slice(0, 10)),
    ]:  # fmt: skip
        same(library.read("symbol", date_range=bounds).data, frame(rows))
    library.write("rows", frame().reset_index(drop=True))
    with pytest.raises(exceptions.InternalException, match="no index"):
        library.read("rows", date_range=("2013", "2014"))


@pytest.mark.parametrize(
    "bounds", [(0, 3), (2, 2), (8, 20), (None, 4), (7, None), (-3, None), (None, -3), (-4, -1), (30, 40)]
)
def test_rows_are_chosen_by_number_as_in_slices(library, bounds):
    library.write("symbol", frame())
    same(library.read("symbol", row_range=bounds).data, frame(slice(*bounds)))
    library.write("rows", frame().reset_index(drop=True))
    expected = frame().reset_index(drop=True)[slice(*bounds)]
    same(library.read("rows", row_range=bounds).data, expected)


@pytest.mark.parametrize("count", [0, 3, 10, 20, -3, -20])
def test_head_and_tail_are_those_of_pandas(library, count):
    library.write("symbol", frame())
    same(library.head("symbol", count).data, frame().head(count))
    same(library.tail("symbol", count).data, frame().tail(count))


def test_columns_come_in_the_order_of_the_request(library):
    library.write("symbol", frame())
    same(library.read("symbol", columns=["b", "a"]).data, frame()[["b", "a"]])
    same(library.read("symbol", columns=[]).data, frame()[[]])
    with pytest.raises(exceptions.NoSuchColumnException, match="nothing"):
        library.read("symbol", columns=["a", "nothing"])


def test_rows_are_chosen_in_one_way_only(library):
    library.write("symbol", frame())
    with pytest.raises(exceptions.ArcticInvalidApiUsageException):
        library.read("symbol", row_range=(0, 1), date_range=(None, None))


def test_appends_add_rows_behind_the_end(library):
    library.append("symbol", frame(slice(0, 4)))
    library.append("symbol", frame(slice(4, 10)), metadata="last")
    item = library.read("symbol")
    same(item.data, frame())
    assert (item.version, item.metadata) == (1, "last")
    with pytest.raises(exceptions.UnsortedDataException):
        library.append("symbol", frame(slice(0, 1)))
    with pytest.raises(exceptions.StreamDescriptorMismatch):
        library.append("symbol", frame(slice(9, 10)).rename(columns={"a": "c"}))
    with pytest.raises(exceptions.NormalizationException):
        library.append("symbol", frame(slice(9, 10)).astype({"a": "float64"}))
    same(library.read("symbol").data, frame())


def test_appended_numbers_of_rows_must_go_on(library):
    rows = frame().reset_index(drop=True)
    library.write("symbol", rows[:4])
    with pytest.raises(exceptions.NormalizationException, match=r"RangeIndex\(4"):
        library.append("symbol", rows[:4])
    library.append("symbol", rows[4:])
    same(library.read("symbol").data, rows)


def test_an_append_knows_the_layout_that_another_client_wrote(memory_store):
    first = memory_store.create_library("library")
    texts = pd.DataFrame({"x": ["a", np.nan]}, index=pd.RangeIndex(3, 5), dtype=object)
    first.write("symbol", texts)
    second = st.Store(memory_store.get_uri())["library"]
    more = pd.DataFrame({"x": ["b", "c"]}, index=pd.RangeIndex(5, 7), dtype=object)
    second.append("symbol", more)
    same(first.read("symbol").data, pd.concat([texts, more]))


def test_an_appended_series_is_not_a_frame(library):
    library.write("symbol", frame()["a"][:5])
    library.append("symbol", frame()["a"][5:])
    pd.testing.assert_series_equal(library.read("symbol").data, frame()["a"], check_freq=False)
    with pytest.raises(exceptions.NormalizationException):
        library.append("symbol", frame(slice(9, 10))[["a"]])


def test_batches_keep_a_failure_with_its_symbol(library):
    items = library.write_batch([st.WritePayload(f"s{n}", frame(slice(0, n)), metadata=n) for n in range(5)])
    assert [item.version for item in items] == [0] * 5
    results = library.read_batch(["s1", "nothing", st.ReadRequest("s3", columns=["a"]), "s1"])
    same(results[0].data, frame(slice(0, 1)))
    assert isinstance(results[1], st.DataError) and results[1].symbol == "nothing"
    assert isinstance(results[1].exception, exceptions.NoSuchVersionException)
    same(results[2].data, frame(slice(0, 3))[["a"]])
    same(results[3].data, frame(slice(0, 1)))
    with pytest.raises(exceptions.ArcticDuplicateSymbolsInBatchException):
        library.write_batch([st.WritePayload("a", frame()), st.WritePayload("a", frame())])
    assert [item.metadata for item in library.read_metadata_batch(["s2", "s4"])] == [2, 4]
    appended = library.append_batch([st.WritePayload("s1", frame(slice(1, 3))), st.WritePayload("s2", frame())])
    assert appended[0].version == 1 and isinstance(appended[1], st.DataError)


METADATA = [
    None,
    0,
    -(2**63),
    2**70,
    1.5,
    float("inf"),
    "text",
    "ü€😀",
    True,
    [],
    {},
    [1, [2, {"a": None}]],
    (1, (2,)),
    {1, 2},
    frozenset("ab"),
    b"\x00\xff",
    {1: 2, (3,): 4},
    {"$": "int", "value": "no tag"},
    pd.Timestamp("2020", tz="Europe/London"),
    pd.Timestamp(1, unit="ns"),
    pd.Timedelta(5, "ns"),
    datetime.datetime(2020, 1, 1, 2, 3, 4, 5),
    datetime.date(2020, 1, 1),
    datetime.datetime(2020, 1, 1, tzinfo=datetime.UTC),
    datetime.timedelta(-1, 5, 7),
    np.float32(0.1),
    np.int8(-3),
    {"sterna.python": {}, "metadata": 1},
    "x" * 5000,
]


@pytest.mark.parametrize("metadata", METADATA, ids=lambda value: repr(value)[:40])
def test_metadata_comes_back_with_its_types(library, metadata):
    library.write("symbol", frame().reset_index(drop=True), metadata=metadata)
    library.write("series", pd.Series([1]), metadata=metadata)
    for symbol in ("symbol", "series"):
        result = library.read(symbol).metadata
        assert result == metadata and type(result) is type(metadata)


def test_objects_as_metadata_are_refused(library):
    with pytest.raises(exceptions.MetadataNotSupported, match="object"):
        library.write("symbol", frame(), metadata={"x": object()})


def test_arrays_come_back_in_their_shape(library):
    for array in [np.arange(5), np.arange(24.0).reshape(2, 3, 4), np.array(["a", "bc"]), np.zeros((0, 3)),
                  np.array([True, False]), np.array(["2020", "NaT"], dtype="datetime64[ms]")]:  # fmt: skip
        library.write("symbol", array)
        result = library.read("symbol").data
        assert result.dtype == array.dtype and result.shape == array.shape
        np.testing.assert_array_equal(result, array)


def test_symbols_are_listed_by_pattern(library):
    for name in ("a1", "a2", "b/1 ü"):
        library.write(name, np.arange(1))
    assert library.list_symbols() == ["a1", "a2", "b/1 ü"]
    assert library.list_symbols(regex="^a") == ["a1", "a2"]


def test_descriptions_tell_columns_rows_and_range(library):
    library.write("symbol", frame())
    description = library.get_description("symbol")
    assert description.columns == (("a", "int64"), ("b", "float64"))
    assert description.index == [("day", f"timestamp[{DAYS.unit}]")]
    assert (description.index_type, description.row_count, description.sorted) == ("index", 10, "ASCENDING")
    assert description.date_range == (DAYS[0], DAYS[-1])
    library.write("rows", frame().reset_index(drop=True))
    description = library.get_description("rows")
    assert description.index_type == "NA" and description.date_range == (pd.NaT, pd.NaT)
    assert "price" not in description._repr_html_() and "int64" in description._repr_html_()


def test_stores_travel_to_workers_and_hide_secrets(tmp_path):
    store = st.Store(
        "s3://bucket/prefix", access_key_id="id", secret_access_key="hidden", endpoint="http://localhost:1"
    )
    assert "hidden" not in repr(store)
    folder = st.Store(str(tmp_path / "folder"))
    folder.create_library("library").write("symbol", frame())
    same(pickle.loads(pickle.dumps(folder))["library"].read("symbol").data, frame())


def test_reprs_for_notebooks_show_what_there_is(store):
    library = store.create_library("library")
    library.write("<symbol>", frame())
    assert "library" in store._repr_html_() and "&lt;symbol&gt;" in library._repr_html_()
    assert "2013-10-07" in library.read("<symbol>")._repr_html_()


def test_options_have_the_names_of_fsspec(tmp_path):
    st.Store(
        "s3://bucket",
        storage_options={"key": "a", "secret": "b", "client_kwargs": {"endpoint_url": "http://localhost:1"}},
    )
    with pytest.raises(exceptions.UserInputException, match="nonsense"):
        st.Store("s3://bucket", nonsense=1)


def test_options_of_other_packages_mean_what_they_mean_there():
    from sterna._storage_options import engine_options

    given = {
        "key": "a", "anon": False, "use_ssl": True, "verify": "/ca.pem", "token": None,
        "config_kwargs": {"s3": {"addressing_style": "path"}, "signature_version": "s3v4"},
        "client_kwargs": {"region_name": "eu-west-1", "verify": True},
    }  # fmt: skip
    assert engine_options(given) == {
        "access_key_id": "a", "ca_bundle": "/ca.pem", "addressing": "path", "region": "eu-west-1"
    }  # fmt: skip
    assert engine_options({"aws_endpoint_url": "http://x", "aws_allow_http": True}) == {
        "endpoint": "http://x", "allow_http": True
    }  # fmt: skip
    for wrong in ({"anon": True}, {"use_ssl": False}, {"verify": False}, {"client_kwargs": 3}):
        with pytest.raises(exceptions.ArcticInvalidApiUsageException):
            st.Store("s3://bucket", storage_options=wrong)
    with pytest.raises(exceptions.UserInputException, match="max_attempts"):
        st.Store("s3://bucket", storage_options={"config_kwargs": {"max_attempts": 3}})


def test_what_is_written_can_be_encoded_for_speed_or_for_size(tmp_path):
    random = np.random.default_rng(7)
    # Of few kinds, most of them one: zstd finds more in them than packing does.
    table = pd.DataFrame({"size": np.where(random.random(50_000) < 0.1, random.integers(1, 9, 50_000) * 700, 100)})
    counts = {}
    for prefer in ("size", "speed"):
        library = st.Store(tmp_path / prefer, prefer=prefer).create_library("ticks")
        library.write("symbol", table)
        pd.testing.assert_frame_equal(library.read("symbol").data, table)
        counts[prefer] = sum(each.stat().st_size for each in (tmp_path / prefer).rglob("*") if each.is_file())
    assert counts["size"] < counts["speed"]
    with pytest.raises(st.exceptions.UserInputException, match="Use speed, balanced or size"):
        st.Store(tmp_path, prefer="fast")
