"""What can go wrong with a request. Each function is a fault that a `Rule` names; its keywords are the rule's."""

from __future__ import annotations

import base64
import gzip
import hashlib
import re
import time
from collections.abc import Callable
from email.utils import formatdate
from urllib.parse import quote

from .messages import Headers, Request, Response, error
from .proxy import Exchange

# ---- The request never arrives, or its answer does not


def fail_before(exchange: Exchange, status: int = 503, code: str = "SlowDown", headers: Headers | None = None) -> None:
    """Refused without effect."""
    exchange.answer(error(status, code, headers=headers))


def drop_before(exchange: Exchange) -> None:
    """Lost on its way; the client sees a closed connection."""
    _ = exchange.body
    exchange.close()


def forward_then_drop(exchange: Exchange, meanwhile: Callable[[], object] | None = None) -> None:
    """Takes effect, and the answer is lost. `meanwhile` happens between the two."""
    exchange.forward()
    if meanwhile:
        meanwhile()
    exchange.close()


def forward_then_status(exchange: Exchange, status: int = 500, code: str = "InternalError") -> None:
    """Takes effect, and is answered as if it had failed."""
    exchange.forward()
    exchange.answer(error(status, code))


def hold_then_forward(exchange: Exchange) -> None:
    """A zombie: fails now, and arrives when the test says `release`."""
    _ = exchange.body
    with exchange.proxy.lock:
        exchange.proxy.held.append(exchange)
    exchange.close()


def duplicate(exchange: Exchange, seen: int = 1) -> None:
    """Arrives twice; the client sees the answer to the first or to the second."""
    answers = [exchange.forward(), exchange.forward()]
    exchange.answer(answers[seen])


def kill_client_at(exchange: Exchange, when: str = "before") -> None:
    """The client dies before the request arrives, or before it sees the answer."""
    _ = exchange.body
    if when == "after":
        exchange.forward()
    exchange.proxy.kill_client()
    exchange.close()


# ---- The connection


def rst(exchange: Exchange, body_bytes: int = 0) -> None:
    """Resets the connection after so many bytes of the request's body."""
    exchange.continue_upload()
    exchange.read(body_bytes)
    exchange.reset()


def fin_early(exchange: Exchange) -> None:
    """Closes instead of answering, as a server does with a connection that was idle for too long."""
    exchange.close()


def truncate_response(exchange: Exchange, n: int, chunked: bool = False, mended: bool = False) -> None:
    """Only the first bytes of the answer; `mended` with a matching length, `chunked` without the last chunk."""
    response = exchange.forward()
    if mended:
        exchange.answer(response.changed(response.body[:n]))
        return
    if chunked:
        response = response.changed(content_length=None, transfer_encoding="chunked")
        exchange.send(response.head() + f"{n:x}\r\n".encode() + response.body[:n] + b"\r\n")
    else:
        exchange.send(response.head() + response.body[:n])
    exchange.close()


def stall_after(exchange: Exchange, n: int | None = None) -> None:
    """Says nothing more after so many bytes of the answer's body; None: says nothing at all."""
    response = exchange.forward()
    if n is not None:
        exchange.send(response.head() + response.body[:n])
    exchange.wait_for_client_to_go()


def trickle(exchange: Exchange, bytes_per_second: int) -> None:
    """The answer's body at a pace that no limit on slowness catches."""
    response = exchange.forward()
    exchange.send(response.head())
    piece = max(1, bytes_per_second // 20)
    for start in range(0, len(response.body), piece):
        exchange.send(response.body[start : start + piece])
        time.sleep(0.05)


def no_continue(exchange: Exchange) -> None:
    """Never says `100 Continue`."""
    request = exchange.request
    assert (request.header("expect") or "").lower() == "100-continue", "the client did not ask"
    body = exchange.read(int(request.header("content-length") or 0))
    exchange._body = body
    exchange.answer(exchange.forward())


def slow_headers(exchange: Exchange) -> None:
    """Headers without end, one after the other."""
    _ = exchange.body
    exchange.send(b"HTTP/1.1 200 OK\r\n")
    while True:
        exchange.send(b"X-Filler: " + b"y" * 100 + b"\r\n")
        time.sleep(0.1)


def huge_xml(exchange: Exchange, status: int = 200) -> None:
    """A document without end."""
    _ = exchange.body
    exchange.send(f"HTTP/1.1 {status} Status\r\nTransfer-Encoding: chunked\r\n\r\n".encode())
    piece = b"<Contents>" + b" " * 65_526
    while True:
        exchange.send(f"{len(piece):x}\r\n".encode() + piece + b"\r\n")


# ---- The content of the answer


def flip_byte(exchange: Exchange, n: int = 0) -> None:
    """One bit of one byte."""
    response = exchange.forward()
    body = bytearray(response.body)
    if body and response.status < 300:
        body[n % len(body)] ^= 1
    exchange.answer(response.changed(bytes(body)))


def swap_body(exchange: Exchange) -> None:
    """The body of another object that was fetched before, cut or filled to the right length."""
    response = exchange.forward()
    others = [
        e.response.body
        for e in exchange.proxy.requests("GET")
        if e.response and e.request.target != exchange.request.target and e.response.body
    ]
    body = (others[-1] * (len(response.body) // len(others[-1]) + 1))[: len(response.body)]
    exchange.answer(response.changed(body))


def gzip_body(exchange: Exchange) -> None:
    """Compressed by a proxy that meant well."""
    response = exchange.forward()
    exchange.answer(response.changed(gzip.compress(response.body), content_encoding="gzip"))


def wrong_content_range(exchange: Exchange) -> None:
    """The right bytes under another range."""
    response = exchange.forward()
    found = re.match(r"bytes (\d+)-(\d+)/(.*)", response.header("content-range") or "")
    assert found, "not an answer to a range"
    moved = f"bytes {int(found[1]) + 1}-{int(found[2]) + 1}/{found[3]}"
    exchange.answer(response.changed(content_range=moved))


def wrong_etag(exchange: Exchange) -> None:
    """Another tag than the object's."""
    exchange.answer(exchange.forward().changed(etag='"0123456789abcdef0123456789abcdef"'))


def no_etag(exchange: Exchange) -> None:
    """No tag."""
    exchange.answer(exchange.forward().changed(etag=None))


def body_200_error(exchange: Exchange, code: str = "InternalError") -> None:
    """Success in the status line, an error in the body, and no effect."""
    exchange.answer(error(200, code))


def redirect(exchange: Exchange, to: str, status: int = 307) -> None:
    """To another host."""
    exchange.answer(error(status, "TemporaryRedirect", headers=[("Location", to + exchange.request.target)]))


# ---- Servers that are not what they should be


def strip_header(exchange: Exchange, name: str) -> None:
    """The server never sees a header."""
    exchange.answer(exchange.forward(exchange.request.without(name)))


def ignore_range(exchange: Exchange) -> None:
    """200 with the whole body."""
    strip_header(exchange, "Range")


def non_atomic(exchange: Exchange, milliseconds: int) -> None:
    """Looks at the condition first and writes later."""
    request = exchange.request
    wanted, absent = request.header("if-match"), request.header("if-none-match")
    plain = request.without("if-match", "if-none-match")
    if wanted or absent:
        present = exchange.forward(Request(request.number, "HEAD", request.target, []), b"")
        tag = (present.header("etag") or "").strip('"')
        if (absent and present.status == 200) or (wanted and tag != wanted.strip('"')):
            return exchange.answer(error(412, "PreconditionFailed"))
        time.sleep(milliseconds / 1000)
    exchange.answer(exchange.forward(plain))


def date_shift(exchange: Exchange, seconds: int) -> None:
    """A server whose clock is ahead: it refuses signatures of another time, and says its own."""
    now = time.time() + seconds
    date = ("Date", formatdate(now, usegmt=True))
    signed = time.mktime(time.strptime(exchange.request.header("x-amz-date") or "", "%Y%m%dT%H%M%SZ")) - time.timezone
    if abs(signed - now) > 900:
        return exchange.answer(error(403, "RequestTimeTooSkewed", headers=[date]))
    exchange.answer(exchange.forward(exchange.request.without()).changed(date=date[1]))


def wrong_region(exchange: Exchange, region: str, status: int = 400, told: str | None = None) -> None:
    """A bucket of one region only, which it names (or names otherwise)."""
    if exchange.request.scope[2] == region:
        return exchange.answer(exchange.forward(exchange.request.without()))
    code = "AuthorizationHeaderMalformed" if status == 400 else "PermanentRedirect"
    name = told or region
    exchange.answer(error(status, code, f"<Region>{name}</Region>", [("x-amz-bucket-region", name)]))


def expire_token_after(exchange: Exchange, k: int) -> None:
    """The first session token that is seen is good for so many requests."""
    memory = exchange.memory
    token = exchange.request.header("x-amz-security-token")
    memory.setdefault("first", token)
    memory["count"] = memory.get("count", 0) + (token == memory["first"])
    if token == memory["first"] and memory["count"] > k:
        return exchange.answer(error(400, "ExpiredToken"))
    exchange.answer(exchange.forward(exchange.request.without()))


def multi_delete_errors(exchange: Exchange, code: str = "InternalError", refused: str = "") -> None:
    """Some keys of a bulk deletion are not deleted, and the answer says so."""
    keys = [found.encode() for found in re.findall(r"<Key>(.*?)</Key>", exchange.body.decode())]
    kept = [name for name in keys if re.search(refused, name.decode())]
    objects = b"".join(b"<Object><Key>" + name + b"</Key></Object>" for name in keys if name not in kept)
    body = b"<Delete>" + objects + b"</Delete>"
    deleted = b""
    if objects:
        checksum = base64.b64encode(hashlib.md5(body, usedforsecurity=False).digest()).decode()
        request = exchange.request.without("content-md5")
        request.headers.append(("Content-MD5", checksum))
        deleted = b"".join(re.findall(rb"<Deleted>.*?</Deleted>", exchange.forward(request, body).body, re.S))
    errors = b"".join(
        b"<Error><Key>" + name + b"</Key><Code>" + code.encode() + b"</Code><Message>injected</Message></Error>"
        for name in kept
    )
    exchange.answer(Response(200).changed(b"<DeleteResult>" + deleted + errors + b"</DeleteResult>"))


# ---- Listings


def stale_list(exchange: Exchange) -> None:
    """Every listing is answered as it was answered the first time."""
    memory, target = exchange.memory, exchange.request.target
    if target not in memory:
        memory[target] = exchange.forward()
    exchange.answer(memory[target])


def dup_in_list(exchange: Exchange) -> None:
    """Pages of three; each begins with the last entry of the page before, and has all of its own twice."""
    memory, request = exchange.memory, exchange.request
    path, _, query = request.target.partition("?")
    items = sorted([item for item in query.split("&") if not item.startswith("max-keys")] + ["max-keys=3"])
    short = Request(request.number, request.method, f"{path}?{'&'.join(items)}", request.headers)
    response = exchange.forward(short)
    entries = re.findall(rb"<Contents>.*?</Contents>", response.body, re.S)
    if not entries:
        return exchange.answer(response)
    before = memory.get("last", b"") if "continuation-token" in query else b""
    doubled = before + b"".join(entry * 2 for entry in entries)
    memory["last"] = entries[-1]
    start, end = response.body.index(entries[0]), response.body.rindex(entries[-1]) + len(entries[-1])
    exchange.answer(response.changed(response.body[:start] + doubled + response.body[end:]))


def list_also(exchange: Exchange, keys: list[str]) -> None:
    """A listing that also names objects that are not there any more."""
    response = exchange.forward()
    encoded = [quote(key, safe="/") for key in keys]
    ghosts = "".join(
        f"<Contents><Key>{key}</Key><LastModified>2026-01-01T00:00:00.000Z</LastModified><ETag>&quot;0&quot;</ETag>"
        "<Size>100</Size><StorageClass>STANDARD</StorageClass></Contents>"
        for key in encoded
    )
    body = response.body.replace(b"</ListBucketResult>", ghosts.encode() + b"</ListBucketResult>")
    exchange.answer(response.changed(body))
