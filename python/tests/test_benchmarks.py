"""The benchmark's pure parts: what its figures mean depends on them."""

from __future__ import annotations

import math
import socket
import threading
import xml.etree.ElementTree as ElementTree

import pyarrow as pa
import pytest

from benchmarks import goals, plot, publish, results, samples, shapes, tables
from benchmarks.proxy import Delay, Proxy, RequestCounter


def measured(system, wall, operation="read", store="s3", shape="quotes"):
    return results.Measurement(
        "arrow", store, shape, system, operation, samples.Samples(wall, [each / 2 for each in wall])
    )


@pytest.fixture
def found():
    conditions = {
        "date": "2026-01-01", "processor": "P", "cores": 2, "memory_gib": 4, "kernel": "Linux", "rows": "all",
        "load_at_start": [0.5], "versions": {"sterna": "abc"},
    }  # fmt: skip
    return results.Results(
        conditions,
        [measured("Sterna", [0.1, 0.3, 0.2]), measured("ArcticDB", [0.4, 0.5, 9.0])],
        [results.Size("s3", "quotes", "Sterna", 1_000_000, 9_000_000)],
        [results.Traffic("quotes", "Sterna", "read", 3, 1_000, 2_000_000)],
        [results.Memory("quotes", "Sterna", "write", 10_000_000, 5_000_000)],
        [results.Figure("appends", "Sterna", 1.5, "s", "1 request each")],
    )


def test_one_slow_repetition_does_not_move_a_median():
    assert samples.median([3.0, 1.0, 99.0]) == 3.0
    assert math.isnan(samples.median([])) and math.isnan(samples.ratio(1.0, 0.0))


def test_every_system_has_every_place_in_the_order_equally_often():
    orders = [samples.rotated(["a", "b", "c"], number) for number in range(6)]
    assert all(sorted(order[position] for order in orders) == list("aabbcc") for position in range(3))


def test_ratios_are_of_medians_and_above_one_where_sterna_is_faster(found):
    text = tables.operation(found, "arrow", "s3", "read")
    assert "|        200 | 2.50 (2.50) |" in text
    assert (
        tables.operation(found, "arrow", "s3", "append") == tables.operation(found, "arrow", "directory", "read") == ""
    )


def test_a_report_has_every_section_and_survives_its_json(found, tmp_path):
    text = tables.report(found)
    for part in ("Stored, MB", "1.00", "3 / 2.00", "1.50 (5.00)", "1.5 s, 1 request each", "load 0.5 at the start"):
        assert part in text
    found.save(tmp_path / "results.json")
    assert tables.report(results.Results.load(tmp_path / "results.json")) == text


def test_a_goal_is_held_against_the_shape_that_is_furthest_from_it(found):
    found.measurements += [
        measured("Sterna", [0.1], shape="other"),
        measured("ArcticDB", [0.15], shape="other"),
    ]
    assert goals.lines(found) == [["S3, read everything: ArcticDB / Sterna", ">= 2", "1.5", "other", "no"]]
    found.memory.append(results.Memory("quotes", "Sterna", "read", 1_000, 1_300))
    assert goals.lines(found)[1] == ["peak memory of a read / its result", "<= 1.3", "1.3", "quotes", "yes"]


def test_a_column_of_many_moves_a_share_of_the_bytes(found):
    found.traffic = [
        results.Traffic("wide", "Sterna", "read", 9, 0, 1_000_000),
        results.Traffic("wide", "Sterna", "column", 3, 0, 20_000),
    ]
    assert goals.column_share(found) == [("wide", 2.0)]


def test_tables_line_up():
    lines = tables.table(["shape", "n"], [["a", "1"], ["longer", "1000"]]).splitlines()
    assert lines == ["| shape  |    n |", "| ------ | ---: |", "| a      |    1 |", "| longer | 1000 |"]


def test_a_picture_is_xml_with_a_dot_for_each_ratio(found):
    root = ElementTree.fromstring(plot.picture(found, "s3"))
    titles = [each.text for each in root.iter("{http://www.w3.org/2000/svg}title")]
    assert titles == ["quotes, ArcticDB: 2.50"] and plot.picture(found, "directory") == ""


def test_the_axis_is_logarithmic_and_ends():
    assert plot.position(1 / 16) == 0 and plot.position(64) == plot.position(1e9) == 1 and plot.position(2) == 0.5


def test_publishing_replaces_only_what_is_between_the_markers():
    page = f"before\n{publish.BEGIN}\nold\n{publish.END}\nafter\n"
    assert publish.between_markers(page, "new") == f"before\n{publish.BEGIN}\n\nnew\n\n{publish.END}\nafter\n"
    for wrong in ("no markers", f"{publish.END}{publish.BEGIN}", page + page):
        with pytest.raises(ValueError, match="once each"):
            publish.between_markers(wrong, "new")


@pytest.mark.parametrize("size", [1, 2, 7, 1000])
def test_requests_are_counted_wherever_the_stream_is_cut(size):
    stream = (
        b"PUT /a HTTP/1.1\r\nContent-Length: 26\r\n\r\nGET /x HTTP/1.1\r\n\r\nbody..."
        + b"GET /b HTTP/1.1\r\nHost: h\r\n\r\n" * 2
    )
    counter = RequestCounter()
    assert sum(counter.feed(stream[start : start + size]) for start in range(0, len(stream), size)) == 3


def test_a_new_connection_costs_a_round_trip_and_then_half_of_one_each_way():
    delay = Delay(accepted=10.0, round_trip=0.02)
    assert delay.arrival(10.0) == pytest.approx(10.03)
    assert delay.arrival(11.0) == pytest.approx(11.01)


def test_the_proxy_passes_everything_on_and_counts_it():
    request, answer = b"GET / HTTP/1.1\r\n\r\n", b"HTTP/1.1 200 OK\r\n\r\n" + bytes(300_000)
    with socket.create_server(("127.0.0.1", 0)) as server:

        def serve():
            connection, _ = server.accept()
            with connection:
                assert connection.recv(1 << 16) == request
                connection.sendall(answer)

        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        with Proxy(server.getsockname()[1]) as proxy:
            with socket.create_connection(("127.0.0.1", proxy.port), timeout=30) as client:
                client.sendall(request)
                received = b""
                while piece := client.recv(1 << 16):
                    received += piece
            counts = proxy.take()
        thread.join(30)
    assert received == answer
    assert (counts.connections, counts.requests) == (1, 1)
    assert (counts.sent_bytes, counts.received_bytes) == (len(request), len(answer))


@pytest.mark.parametrize("shape", shapes.GENERATED, ids=lambda each: each.name)
def test_shapes_have_sorted_times_and_are_the_same_each_time(shape):
    table = shape.make(500)
    assert table.num_rows == 500 and table.equals(shape.make(500))
    times = table["time"].cast(pa.int64()).to_pylist()
    assert times == sorted(times)


def test_a_range_has_the_rows_of_its_instants_and_what_is_appended_is_behind_the_end():
    table = shapes.quotes(1_000)
    first, last = shapes.middle(table, 0.1)
    part = shapes.between(table, first, last)
    times = table["time"].cast(pa.int64()).to_pylist()
    assert part.num_rows == sum(first <= time <= last for time in times) >= 100
    assert shapes.following(table, 10)["time"][0].value > times[-1]


def test_what_differs_is_found():
    table = pa.table({"time": pa.array([1, 2], pa.timestamp("ns")), "s": ["a", "b"]})
    same = table.set_column(1, "s", table["s"].cast(pa.large_string()).dictionary_encode())
    shapes.expect_equal(same, table, "same")
    for wrong in (table.slice(1), table.set_column(1, "s", pa.array(["a", "c"]))):
        with pytest.raises(AssertionError, match="read of x"):
            shapes.expect_equal(wrong, table, "read of x")
