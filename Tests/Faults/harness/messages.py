"""HTTP messages as the proxy sees them."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from urllib.parse import unquote

Headers = list[tuple[str, str]]


@dataclass
class Request:
    """The head of a request; its body is read when somebody wants it."""

    number: int
    """Counted over all connections, from 1."""
    method: str
    target: str
    headers: Headers

    @property
    def path(self) -> str:
        """What rules search: the path decoded, and the query as it is."""
        path, _, query = self.target.partition("?")
        return unquote(path) + ("?" + query if query else "")

    def header(self, name: str) -> str | None:
        """The value of a header, whatever its case."""
        return find_header(self.headers, name)

    def without(self, *names: str) -> Request:
        """A copy that lacks some headers."""
        return Request(self.number, self.method, self.target, drop_headers(self.headers, *names))

    @property
    def scope(self) -> list[str]:
        """`[access key, day, region, service, aws4_request]` of the signature."""
        found = re.search(r"Credential=([^,\s]+)", self.header("authorization") or "")
        return found[1].split("/") if found else [""] * 5


@dataclass
class Response:
    """A whole response, to send or as it came."""

    status: int
    headers: Headers = field(default_factory=list)
    body: bytes = b""

    def header(self, name: str) -> str | None:
        """The value of a header, whatever its case."""
        return find_header(self.headers, name)

    def head(self) -> bytes:
        """Status line and headers, as on the wire."""
        lines = "".join(f"{name}: {value}\r\n" for name, value in self.headers)
        return f"HTTP/1.1 {self.status} Status\r\n{lines}\r\n".encode("latin-1")

    def changed(self, body: bytes | None = None, **headers: str | None) -> Response:
        """A copy with another body or other headers (`content_range="..."`; None removes one)."""
        names = {name.replace("_", "-").lower(): value for name, value in headers.items()}
        kept = drop_headers(self.headers, *names)
        new = self.body if body is None else body
        if body is not None:
            kept = [*drop_headers(kept, "content-length"), ("Content-Length", str(len(body)))]
        return Response(self.status, kept + [(name, value) for name, value in names.items() if value is not None], new)


def find_header(headers: Headers, name: str) -> str | None:
    """The first header of a name."""
    return next((value for key, value in headers if key.lower() == name.lower()), None)


def drop_headers(headers: Headers, *names: str) -> Headers:
    """All but some headers."""
    dropped = {name.lower() for name in names}
    return [(name, value) for name, value in headers if name.lower() not in dropped]


def error(status: int, code: str, more: str = "", headers: Headers | None = None) -> Response:
    """An answer as S3 refuses."""
    body = f"<?xml version='1.0'?><Error><Code>{code}</Code><Message>injected</Message>{more}</Error>".encode()
    return Response(status, [("Content-Type", "application/xml"), *(headers or [])]).changed(body)
