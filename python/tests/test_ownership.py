"""Who owns what between Python and the engine: taken once, given back once, whatever goes wrong between."""

from __future__ import annotations

import gc
import sys
import threading

import numpy as np
import pandas as pd
import pytest

import sterna
from sterna import _engine


def sample(rows):
    return pd.DataFrame(
        {"x": np.arange(rows), "y": np.arange(rows) / 3, "s": [f"text {row % 17}" for row in range(rows)]},
        index=pd.date_range("2020", periods=rows, freq="s", name="time"),
    )


# ---- Results


def test_results_outlive_store_library_and_item():
    store = sterna.Store("memory://outliving")
    library = store.create_library("library")
    library.write("symbol", sample(5000))
    item = library.read("symbol")
    view, table = item.data["x"].to_numpy(), library.read("symbol", output_format="pyarrow").data
    scan = sterna.scan(library, "symbol").__arrow_c_stream__()
    del store, library, item
    gc.collect()
    assert view.sum() == 5000 * 4999 // 2 and table["y"][4999].as_py() == 4999 / 3
    _, batches = _engine.take_columns(scan)
    assert sum(rows for rows, _ in batches) == 5000


def test_references_are_in_balance_after_many_reads(library):
    import pyarrow

    library.write("symbol", sample(100))
    kept = [None, "time", b"", library, pd.NA, pd.NaT]

    def calls():
        library.read("symbol")
        pyarrow.table(library.read("symbol", output_format="pyarrow").data)
        sterna._prepare.prepare(sample(100)).stream()
        sterna.scan(library, "symbol").__arrow_c_stream__()
        with pytest.raises(sterna.exceptions.NoDataFoundException):
            library.read("nothing")

    calls()
    gc.collect()
    before = [sys.getrefcount(each) for each in kept]
    arrays = _engine.live_arrays()
    for _ in range(1000):
        calls()
    gc.collect()
    for each, old in zip(kept, before, strict=True):
        assert abs(sys.getrefcount(each) - old) < 100, repr(each)
    assert _engine.live_arrays() == arrays


def test_a_stream_is_consumed_once(library):
    import polars
    import pyarrow

    library.write("symbol", sample(100))
    found = library._handle.call("library_read", "symbol")
    _engine.take_columns(found.stream)
    with pytest.raises(ValueError, match="consumed"):
        _engine.take_columns(found.stream)
    with pytest.raises(sterna.SternaException, match="released"):
        library._handle.call("library_write", "other", {}, found.stream)
    scan = sterna.scan(library, "symbol").__arrow_c_stream__()
    assert pyarrow.RecordBatchReader._import_from_c_capsule(scan).read_all().num_rows == 100
    with pytest.raises((ValueError, pyarrow.ArrowInvalid)):
        pyarrow.RecordBatchReader._import_from_c_capsule(scan)
    assert polars.DataFrame(sterna.scan(library, "symbol")).height == 100


def test_two_threads_cannot_take_the_same_stream(library):
    library.write("symbol", sample(1000))
    for _ in range(200):
        stream = library._handle.call("library_read", "symbol").stream
        results = []
        barrier = threading.Barrier(4)

        def take(stream=stream, results=results, barrier=barrier):
            barrier.wait()
            try:
                results.append(len(_engine.take_columns(stream)[1]))
            except ValueError:
                results.append(None)

        threads = [threading.Thread(target=take) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert sorted(results, key=str) == [1, None, None, None]


def test_streams_that_are_dropped_half_read_give_everything_back(library):
    import pyarrow

    library.write("symbol", sample(300_000))
    arrays = _engine.live_arrays()
    for _ in range(20):
        reader = pyarrow.RecordBatchReader.from_stream(sterna.scan(library, "symbol"))
        reader.read_next_batch()
        del reader
        sterna.scan(library, "symbol").__arrow_c_stream__()
    gc.collect()
    assert _engine.live_arrays() == arrays
    assert len(library.read("symbol").data) == 300_000


def test_results_are_dropped_in_other_threads(library):
    library.write("symbol", sample(2000))
    arrays = _engine.live_arrays()
    results = [library.read("symbol").data for _ in range(50)]

    def drop():
        while results:
            try:
                results.pop()
            except IndexError:
                return

    threads = [threading.Thread(target=drop) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    gc.collect()
    assert _engine.live_arrays() == arrays


# ---- Input


def test_input_is_free_again_when_the_call_returns(library):
    for _ in range(200):
        values = np.arange(1000)
        library.write("symbol", values)
        # Refused while anybody holds the buffer.
        values.resize(2000, refcheck=False)
        held = bytearray(8000)
        library.write("symbol", np.frombuffer(held, dtype=np.int64))
        gc.collect()
        held.extend(b"x")


def test_input_is_free_again_after_a_failure(library):
    library.write("symbol", sample(10))
    for wrong in ({"index": "nothing"}, {"expect": {"version": 77}}, {"nonsense": 1}):
        values = np.arange(1000)
        count = sys.getrefcount(values)
        stream = sterna._prepare.prepare(values).stream()
        with pytest.raises(sterna.SternaException):
            library._handle.call("library_write", "symbol", wrong, stream)
        del stream
        assert sys.getrefcount(values) == count


def test_a_conversion_that_fails_half_way_leaves_nothing(library):
    class Trap:
        def __str__(self):
            raise AssertionError("nobody may ask")

    arrays = _engine.live_arrays()
    texts = np.array(["a"] * 1000 + [Trap()], dtype=object)
    count = sys.getrefcount(texts)
    for _ in range(100):
        with pytest.raises((TypeError, sterna.SternaException)):
            library.write("symbol", pd.DataFrame({"x": np.arange(1001), "s": texts}))
        with pytest.raises(TypeError):
            _engine.encode_texts(texts, False, pd.NA, pd.NaT)
    gc.collect()
    assert sys.getrefcount(texts) == count and _engine.live_arrays() == arrays
    assert not library.has_symbol("symbol")


def test_descriptions_that_lie_are_refused():
    good = ("x", "l", False, 3, 0, 0, (None, np.arange(3), None), None)
    assert _engine.make_stream([good], 3) is not None

    def refused(error, column, rows=3):
        with pytest.raises(error):
            _engine.make_stream([column], rows)

    refused(ValueError, good, 4)
    refused(ValueError, (*good[:3], 4, *good[4:]), 4)
    refused(ValueError, (*good[:4], 1, *good[5:]))
    refused(ValueError, (*good[:6], (None, np.arange(9).reshape(3, 3), None), None))
    refused(TypeError, (*good[:6], (None, "text", None), None))
    refused(TypeError, good[:7])
    refused(TypeError, (None, *good[1:]))
    refused(ValueError, (*good[:6], (np.zeros(0, np.uint8), np.arange(3), None), None))
    refused(ValueError, ("s", "U", False, 3, 0, 0, (None, np.arange(3), b""), None))
    with pytest.raises((TypeError, SystemError)):
        _engine.make_stream(None, 3)
    with pytest.raises(ValueError, match="no function"):
        _engine.call("nonsense", None, None, None, None)
    with pytest.raises(ValueError):
        _engine.call("library_read", object(), "x", None, None)


def test_a_library_is_no_stream_and_a_stream_no_library(library):
    stream = sterna._prepare.prepare(np.arange(3)).stream()
    for function, given in (("library_write", library._handle.get()), ("library_copy", stream)):
        with pytest.raises(ValueError):
            _engine.call(function, library._handle.get(), "x", None, given)
