"""Rows of the catalogue about the network and servers that fail in passing: a user sees nothing, or a clear word."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import pytest

from conftest import BASE, Place, rows, without_faults
from harness import faults

SEGMENT, NODE, REF = r"\.seg$", r"\.node$", r"refs/"
APPEND = ("append", rows(64, 24))
READ = ("read", {"symbol": "S"})
STATE: tuple[str, dict[str, Any]] = ("state", {})
QUICK = ("--attempt-milliseconds", "3000")


@dataclass(frozen=True)
class Case:
    """One operation of which a request goes wrong."""

    row: str
    fault: Callable[..., None]
    method: str
    key: str
    parameters: dict[str, Any] = field(default_factory=dict)
    do: tuple[str, dict[str, Any]] = APPEND
    every: bool = False
    """Each such request, not only the first."""
    expect: str = "ok"
    """`ok`: as if nothing had happened. Else the code of the error."""
    says: str = ""
    """What the error must contain somewhere."""
    options: tuple[str, ...] = ()
    warm: bool = False
    """The client has a connection open already."""
    sent: int | None = None
    """How often the request that went wrong was sent."""


CASES = [
    Case("02-reset-in-the-middle-of-an-upload", faults.rst, "PUT", SEGMENT, {"body_bytes": 100}, sent=2),
    Case("02-closed-without-an-answer-to-an-upload", faults.fin_early, "PUT", SEGMENT, sent=2),
    Case("03-reset-instead-of-an-answer", faults.rst, "GET", SEGMENT, do=READ, sent=2),
    Case("03-short-body", faults.truncate_response, "GET", SEGMENT, {"n": 100}, do=READ, sent=2),
    Case("04-chunked-body-without-its-last-chunk", faults.truncate_response, "GET", SEGMENT,
         {"n": 100, "chunked": True}, do=READ, sent=2),
    Case("05-stall-in-a-body", faults.stall_after, "GET", SEGMENT, {"n": 10}, do=READ, options=QUICK, sent=2),
    Case("05-stall-before-an-answer-to-an-upload", faults.stall_after, "PUT", SEGMENT, options=QUICK, sent=2),
    Case("06-trickle", faults.trickle, "GET", SEGMENT, {"bytes_per_second": 40}, do=READ, options=QUICK, sent=2),
    Case("07-half-open-connection", faults.rst, "GET", REF, do=READ, warm=True),
    Case("07-connection-closed-while-idle", faults.fin_early, "GET", REF, do=READ, warm=True),
    Case("09-slow-headers", faults.slow_headers, "GET", REF, do=READ, options=QUICK, sent=2),
    Case("09-endless-error-body", faults.huge_xml, "GET", REF, {"status": 503}, do=READ, sent=2),
    Case("09-endless-listing", faults.huge_xml, "GET", "list-type=2", do=STATE, every=True,
         expect="resourceLimit", says="bytes"),
    Case("10-compressed-on-the-way", faults.gzip_body, "GET", SEGMENT, do=READ, every=True,
         expect="corrupt", says="gzip", sent=1),
    Case("12-500-before-the-effect", faults.fail_before, "PUT", SEGMENT,
         {"status": 500, "code": "InternalError"}, sent=2),
    Case("13-500-after-the-effect", faults.forward_then_status, "PUT", SEGMENT, sent=2),
    Case("13-500-after-the-effect-on-a-node", faults.forward_then_status, "PUT", NODE, sent=2),
    Case("21-one-key-forbidden-to-write", faults.fail_before, "PUT", SEGMENT,
         {"status": 403, "code": "AccessDenied"}, every=True, expect="accessDenied", says="s3:PutObject", sent=1),
    Case("21-one-key-forbidden-to-read", faults.fail_before, "GET", SEGMENT,
         {"status": 403, "code": "AccessDenied"}, do=READ, every=True, expect="accessDenied", says="s3:GetObject",
         sent=1),
    Case("22-conditional-put-not-implemented", faults.fail_before, "PUT", REF,
         {"status": 501, "code": "NotImplemented"}, every=True, expect="unsupportedStore", says="does not support",
         sent=1),
    Case("24-flipped-byte-in-a-segment", faults.flip_byte, "GET", SEGMENT, {"n": 99}, do=READ, sent=2),
    Case("24-flipped-byte-in-a-segment-for-ever", faults.flip_byte, "GET", SEGMENT, {"n": 99}, do=READ, every=True,
         expect="corrupt", says=SEGMENT),
    Case("24-flipped-byte-in-a-ref", faults.flip_byte, "GET", REF, {"n": 50}, do=READ, every=True,
         expect="corrupt", says=REF),
    Case("25-body-of-another-segment", faults.swap_body, "GET", SEGMENT, do=READ, sent=2),
    Case("25-body-of-another-segment-for-ever", faults.swap_body, "GET", SEGMENT, do=READ, every=True,
         expect="corrupt", says=SEGMENT),
    Case("26-range-ignored", faults.ignore_range, "GET", "/snapshots/", do=STATE, every=True),
    Case("26-wrong-content-range", faults.wrong_content_range, "GET", "/snapshots/", do=STATE),
    Case("28-truncated-with-a-mended-length", faults.truncate_response, "GET", SEGMENT, {"n": 200, "mended": True},
         do=READ, sent=2),
    Case("28-truncated-with-a-mended-length-for-ever", faults.truncate_response, "GET", SEGMENT,
         {"n": 200, "mended": True}, do=READ, every=True, expect="corrupt", says=SEGMENT),
]  # fmt: skip


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.row)
def test_network(anywhere: Place, undisturbed: dict[str, Any], case: Case) -> None:
    """The answer and the state are those of a run without faults, or the state is the old one and the error clear."""
    place, (name, arguments) = anywhere, case.do
    expected = without_faults(undisturbed, place, name, arguments)
    place.make(*BASE)
    before = place.state()
    client = place.client(*case.options)
    if case.warm:
        client.must(*READ[:1], **READ[1])
    rule = place.proxy.add(case.fault, case.method, case.key, None if case.every else 1, **case.parameters)
    answer = client.do(name, **arguments)
    assert rule.hits >= 1
    struck = next(e for e in place.proxy.log if e.fault)
    sent = sum(e.same_request(struck) for e in place.proxy.log)
    place.proxy.heal()
    if case.expect == "ok":
        assert (answer, place.state()) == expected
    else:
        assert answer.get("code") == case.expect, answer
        assert any(re.search(case.says, str(part)) for part in answer.values()), answer
        assert place.state() == before
    if case.sent is not None:
        assert sent == case.sent


# One segment of more than 2 MiB.
LARGE = rows(0, 160_000)
WHOLE = ("--rows-per-slice", "1000000")


@pytest.mark.parametrize("fault", [faults.truncate_response, faults.stall_after])
def test_row_03_a_broken_download_is_taken_up_again(anywhere: Place, fault: Callable[..., None]) -> None:
    """From the byte where it broke off, on the condition that the object is the same."""
    place = anywhere
    writer = place.client(*WHOLE, direct=True)
    writer.must("createLibrary")
    writer.must("write", **LARGE)
    expected = writer.must("read", symbol="S", fast=True)
    place.proxy.add(fault, "GET", SEGMENT, 1, n=1_000_000)
    assert place.client(*WHOLE, *QUICK).must("read", symbol="S", fast=True) == expected
    first, rest = place.proxy.requests("GET", SEGMENT)[:2]
    asked = re.fullmatch(r"bytes=(\d+)-(\d+)", rest.request.header("range") or "")
    assert asked and first.response and 0 < int(asked[1]) <= 1_000_000
    assert rest.request.header("if-match")


def test_row_08_an_upload_goes_out_though_continue_never_comes(anywhere: Place) -> None:
    """After a second, as it is."""
    place = anywhere
    place.make()
    rule = place.proxy.add(faults.no_continue, "PUT", SEGMENT)
    place.client(*WHOLE).must("write", **LARGE)
    assert rule.hits == 1
    place.proxy.heal()
    assert place.client(*WHOLE, direct=True).must("read", symbol="S", fast=True)["rows"] == 160_000


def test_row_01_a_closed_port_is_an_error_that_names_the_endpoint(place: Place) -> None:
    """After retries: and what a client meets that was connected before is the same."""
    place.make(*BASE)
    client = place.client(variables={"AWS_MAX_ATTEMPTS": "3"})
    client.must("read", symbol="S")
    place.proxy.stop_listening()
    for name, arguments in [READ, APPEND]:
        answer = client.do(name, **arguments)
        assert answer["code"] == "unavailable" and f"127.0.0.1:{place.proxy.port}" in answer["message"], answer
    assert not answer["mayHaveBeenApplied"]


def test_row_01_a_name_that_does_not_resolve_is_an_error_that_names_it(place: Place) -> None:
    """`.invalid` never resolves (RFC 2606)."""
    variables = {"AWS_MAX_ATTEMPTS": "2"}
    client = place.client(endpoint="https://storage.invalid", variables=variables)
    answer = client.do("read", symbol="S")
    assert answer["code"] == "unavailable" and "storage.invalid" in answer["message"], answer


def test_row_11_a_storm_of_slow_down_is_ridden_out(anywhere: Place) -> None:
    """Three of ten requests are refused, and everything that was asked for is done."""
    place = anywhere
    place.make(*BASE)
    rule = place.proxy.add(
        faults.fail_before, probability=0.3, seed=11, status=503, code="SlowDown", headers=[("x-amz-retry-after", "5")]
    )
    client = place.client()
    for number in range(3):
        client.must("append", **rows(64 + 8 * number, 8))
    assert client.must("read", symbol="S")["rows"] == 88
    assert rule.hits >= 5
    place.state()
