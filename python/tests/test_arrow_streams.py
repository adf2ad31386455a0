"""Arrow tables, Polars' frames and other streams, in and out."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

import sterna


def test_arrow_tables_pass_in_and_out(library):
    import pyarrow as pa

    table = pa.table(
        {
            "t": pa.array([1, 2, 3], pa.timestamp("us", "UTC")), "small": pa.array(["a", None, "b"], pa.string()),
            "view": pa.array(["a", "longer than twelve bytes", None], pa.string_view()),
            "large": pa.array(["a", "b", None], pa.large_string()), "bytes": pa.array([b"a", None, b""], pa.binary()),
            "word": pa.array(["a", None, "a"]).dictionary_encode(), "day": pa.array([0, 1, None], pa.date32()),
            "day64": pa.array([0, 86_400_000, None], pa.date64()), "bool": pa.array([True, None, False]),
            "number": pa.array([1, None, 3], pa.int16()), "span": pa.array([1, 2, None], pa.duration("ms")),
        }
    )  # fmt: skip
    for data in (table, table.slice(1), table.slice(1, 1), pa.concat_tables([table, table]), table[:0]):
        library.write("symbol", data)
        result = library.read("symbol", output_format="pyarrow").data
        assert result.num_rows == data.num_rows
        for name in data.column_names:
            assert result[name].to_pylist() == data[name].to_pylist(), name
    item = library.write("indexed", table, index_column="t")
    assert item.version == 0
    rows = library.read("indexed", date_range=(pd.Timestamp(2, unit="us"), None), output_format="pyarrow").data
    assert rows.num_rows == 2
    library.append("indexed", table.slice(2), index_column=True)
    assert library.get_description("indexed").row_count == 4


def test_polars_frames_pass_in_and_out(library):
    import polars as pl

    frame = pl.DataFrame(
        {"x": [1, None, 3], "s": ["a", None, "ü"], "c": pl.Series(["a", "b", None], dtype=pl.Categorical)}
    )
    library.write("symbol", frame)
    result = library.read("symbol", output_format="polars").data
    assert result.select("x", "s").equals(frame.select("x", "s"), null_equal=True)
    assert result["c"].cast(pl.String).to_list() == ["a", "b", None]
    assert library.read("symbol").data["x"].tolist()[::2] == [1.0, 3.0]


def test_anything_with_an_arrow_stream_is_written_batch_by_batch(library):
    import pyarrow as pa

    batches = ({"x": np.arange(number * 10, number * 10 + 10)} for number in range(5))
    schema = pa.schema({"x": pa.int64()})
    reader = pa.RecordBatchReader.from_batches(schema, (pa.record_batch(b, schema=schema) for b in batches))
    library.write("symbol", reader, index_column="x")
    assert library.read("symbol").data.index.tolist() == list(range(50))


def test_a_failing_producer_is_an_error_and_no_version(library):
    import pyarrow as pa

    schema = pa.schema({"x": pa.int64()})

    def batches():
        yield pa.record_batch({"x": [1]}, schema=schema)
        raise ValueError("broken on purpose")

    with pytest.raises(sterna.SternaException, match="broken on purpose"):
        library.write("symbol", pa.RecordBatchReader.from_batches(schema, batches()))
    assert not library.has_symbol("symbol")


def test_a_failing_producer_in_a_batch_leaves_the_others_their_results(library):
    class Broken:
        def __arrow_c_stream__(self, schema=None):
            raise ZeroDivisionError("on purpose")

    payloads = [sterna.WritePayload("good", pd.DataFrame({"x": [1]})), sterna.WritePayload("bad", Broken())]
    good, bad = library.write_batch(payloads)
    assert good.version == 0 and isinstance(bad, sterna.DataError) and bad.symbol == "bad"
    assert isinstance(bad.exception, ZeroDivisionError) and bad.error_code is None
    assert library.list_symbols() == ["good"]


def test_arrow_types_that_are_not_stored_are_refused(library):
    import pyarrow as pa

    for array in [
        pa.array([[1]]),
        pa.array([{"a": 1}]),
        pa.array([1], pa.time64("ns")),
        pa.array([1]).dictionary_encode(),
    ]:
        with pytest.raises(sterna.exceptions.NormalizationException, match="'x'"):
            library.write("symbol", pa.table({"x": array}))
    with pytest.raises(sterna.exceptions.ArcticUnsupportedDataTypeException, match="dict"):
        library.write("symbol", {"x": 1})


def test_scans_arrive_batch_by_batch_and_can_be_left(library):
    import polars as pl
    import pyarrow as pa

    times = pd.date_range("2020", periods=400_000, freq="s", name="time")
    frame = pd.DataFrame({"x": np.arange(400_000), "y": np.arange(400_000) / 3}, index=times)
    library.write("symbol", frame)
    scan = sterna.scan(library, "symbol", columns=["x"], row_range=(10, None))
    reader = pa.RecordBatchReader.from_stream(scan)
    first = reader.read_next_batch()
    assert 0 < first.num_rows < 400_000 and first.schema.names == ["time", "x"]
    del reader, first
    assert pl.DataFrame(scan)["x"].to_list() == list(range(10, 400_000))
    with pytest.raises(sterna.exceptions.NoDataFoundException):
        pa.table(sterna.scan(library, "nothing"))
