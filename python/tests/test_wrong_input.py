"""What cannot be meant is refused by an exception of the package whose message says what to write instead."""

from __future__ import annotations

import datetime
import pathlib

import pandas as pd
import pytest
from frames import DAYS, frame, same

import sterna as st
from sterna import exceptions


@pytest.fixture
def filled(library):
    library.write("symbol", frame())
    return library


STORES = {
    "nothing": lambda: st.Store(None),
    "an empty text": lambda: st.Store(""),
    "another protocol": lambda: st.Store("ftp://x"),
    "no bucket": lambda: st.Store("s3://"),
    "an unknown option": lambda: st.Store("memory://x", endpiont="y"),
    "an option of another type": lambda: st.Store("s3://bucket/x", max_in_flight="many"),
    "a library's name that is none": lambda: st.Store("memory://x").create_library(3),
    "options that are none": lambda: st.Store("memory://x").create_library("l", {"dynamic_schema": True}),
    "rows that are none": lambda: st.LibraryOptions(rows_per_segment=-3),
    "a schema that is none": lambda: st.LibraryOptions(dynamic_schema="yes"),
    "what is for sale": lambda: st.Store("memory://x").create_library("l", enterprise_library_options=object()),
}
READS = {
    "a symbol that is no text": lambda library: library.read(3),
    "a version between two": lambda library: library.read("symbol", as_of=1.5),
    "an instant that is none": lambda library: library.read("symbol", as_of=[1]),
    "a text as range": lambda library: library.read("symbol", date_range="2013-10-08"),
    "three instants": lambda library: library.read("symbol", date_range=(1, 2, 3)),
    "a day that is none": lambda library: library.read("symbol", date_range=("yesterdayish", None)),
    "a text as number": lambda library: library.head("symbol", "5"),
    "half a row": lambda library: library.tail("symbol", 2.5),
    "an unknown format": lambda library: library.read("symbol", output_format="excel"),
    "an unknown column": lambda library: library.read("symbol", columns=["a", "zzz"]),
    "no expression": lambda library: library.list_symbols(regex="("),
    "a text as list": lambda library: library.read_batch("symbol"),
    "another text as list": lambda library: library.read_metadata_batch("symbol"),
    "payloads that are none": lambda library: library.write_batch(["symbol"]),
    "metadata that holds itself": lambda library: library.write_metadata("symbol", _endless()),
    "metadata of another kind": lambda library: library.write_metadata("symbol", object()),
    "a lone surrogate": lambda library: library.write("other", pd.DataFrame({"x": ["\ud800"]})),
    "nothing to write": lambda library: library.write("other", None),
}


def _endless():
    result = {}
    result["itself"] = result
    return result


@pytest.mark.parametrize("call", STORES.values(), ids=STORES.keys())
def test_a_store_says_what_is_wrong(call):
    with pytest.raises(exceptions.SternaException, match=r"(?i)use|give|write|lists|sale|buy|cp|not a whole number"):
        call()


@pytest.mark.parametrize("call", READS.values(), ids=READS.keys())
def test_a_library_says_what_is_wrong(filled, call):
    with pytest.raises(exceptions.SternaException) as caught:
        call(filled)
    # Advice is for Python: not for the command line, nor for C.
    assert "sterna.h" not in str(caught.value) and "`sterna " not in str(caught.value)
    assert len(str(caught.value)) > 20
    assert filled.list_symbols() == ["symbol"]


def test_what_is_missing_is_named_with_what_lists_it(filled):
    for call, name in [
        (lambda: filled.read("nothing"), "list_symbols"),
        (lambda: filled.read("symbol", as_of=9), "list_versions"),
        (lambda: filled.read("symbol", as_of="2020-01-01"), "Timestamp"),
        (lambda: st.Store("memory://wrong-input")["nothing"], "list_libraries"),
    ]:
        with pytest.raises(exceptions.SternaException, match=name):
            call()


def test_an_option_that_is_none_changes_nothing(memory_store, library):
    with pytest.raises(exceptions.ArcticInvalidApiUsageException):
        memory_store.modify_library_option("library", "rows_per_segment", "many")
    assert memory_store["library"].options() == st.LibraryOptions()


def test_instants_before_and_behind_all_are_open_ends(filled):
    for ends in [
        ("0001-01-01", "9999-01-01"),
        (datetime.datetime(1, 1, 1), datetime.datetime(9999, 1, 1)),
        (pd.Timestamp("1500-01-01"), None),
        (DAYS[0].date(), DAYS[-1].date()),
    ]:
        same(filled.read("symbol", date_range=ends).data, frame())
    assert filled.read("symbol", as_of=datetime.datetime(9999, 1, 1)).version == 0
    assert filled.read("symbol", date_range=(DAYS[3], DAYS[0])).data.empty


def test_a_path_is_an_address(tmp_path):
    st.Store(pathlib.Path(tmp_path) / "store").create_library("library")
    assert st.Store(str(tmp_path / "store")).list_libraries() == ["library"]


def test_what_notebooks_show_names_what_it_is(filled, memory_store):
    filled.write("<b>", frame(slice(0, 1)))
    assert "&lt;b&gt;" in filled._repr_html_() and "<b>symbol" not in filled._repr_html_()
    assert "library" in memory_store._repr_html_()
    assert "version 0" in filled.read("symbol")._repr_html_()
    assert "10 rows" in filled.get_description("symbol")._repr_html_()
    joined = filled.read_batch_and_join(["symbol", "symbol"], st.QueryBuilder().concat())
    assert "<table" in joined._repr_html_()


def test_help_has_an_example_and_says_what_parameters_mean():
    for method in (st.Library.read, st.Library.write, st.Library.append, st.Library.update, st.Library.snapshot):
        assert ">>> " in (method.__doc__ or "")
    for name in ("as_of", "date_range", "row_range", "columns", "query_builder", "lazy", "allow_pickle"):
        assert f"`{name}`" in (st.Library.read.__doc__ or "")
