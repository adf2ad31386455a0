"""An HTTP proxy on loopback in front of a real S3 server: breaks requests as rules say, and writes down every one."""

from __future__ import annotations

import contextlib
import http.client
import random
import re
import socket
import struct
import threading
from collections.abc import Callable, Container
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from .messages import Request, Response, drop_headers
from .signing import Keys, resign

PATIENCE_SECONDS = 60.0


class Disconnected(Exception):
    """The client has gone, or the fault has ended its connection."""


@dataclass
class Rule:
    """Which requests go wrong, and how. The first rule that fits decides; each counts all requests that fit it."""

    fault: Callable[..., None]
    method: str = ""
    key: str = ""
    """A regular expression, searched in the decoded path with its query."""
    nth: Container[int] | None = None
    """Which of the fitting requests, counted from 1; None for every one."""
    after: Rule | None = None
    """Only requests that come behind the first hit of this other rule fit."""
    probability: float = 1.0
    chance: random.Random = field(default_factory=random.Random)
    parameters: dict[str, Any] = field(default_factory=dict)
    matches: int = 0
    hits: int = 0
    memory: dict[str, Any] = field(default_factory=dict)
    """What the fault wants to remember from one request to the next."""

    def decides(self, request: Request) -> bool:
        """Counts the request, and tells whether it goes wrong."""
        if self.after and not self.after.hits:
            return False
        if self.method not in ("", request.method) or not re.search(self.key, request.path):
            return False
        self.matches += 1
        if self.nth is not None and self.matches not in self.nth:
            return False
        hit = self.chance.random() < self.probability
        self.hits += hit
        return hit


class FaultProxy:
    """Listens until `close`. Its log has every request in the order of arrival."""

    def __init__(self, upstream: str, keys: Keys) -> None:
        self.upstream = urlsplit(upstream)
        self.keys = keys
        self.rules: list[Rule] = []
        self.log: list[Exchange] = []
        self.held: list[Exchange] = []
        self.kill_client: Callable[[], None] = lambda: None
        self.lock = threading.Lock()
        self.sockets: set[socket.socket] = set()
        self.listener = socket.create_server(("127.0.0.1", 0), backlog=512)
        self.port: int = self.listener.getsockname()[1]
        threading.Thread(target=self.accept, args=(self.listener,), daemon=True).start()

    @property
    def endpoint(self) -> str:
        """Where clients go."""
        return f"http://127.0.0.1:{self.port}"

    def add(
        self,
        fault: Callable[..., None],
        method: str = "",
        key: str = "",
        nth: int | Container[int] | None = None,
        after: Rule | None = None,
        probability: float = 1.0,
        seed: int = 0,
        **parameters: Any,
    ) -> Rule:
        """Adds a rule; the parameters are the fault's."""
        occasions = [nth] if isinstance(nth, int) else nth
        rule = Rule(fault, method, key, occasions, after, probability, random.Random(seed), parameters)
        self.rules.append(rule)
        return rule

    def heal(self) -> None:
        """Ends all faults. What is held stays so."""
        self.rules = []

    def release(self) -> list[Response]:
        """Lets the requests arrive that were held back; nobody but the test hears the answers."""
        with self.lock:
            held, self.held = self.held, []
        return [exchange.forward() for exchange in held]

    def count(self, method: str = "", key: str = "") -> int:
        """How many requests of a kind there were."""
        return len(self.requests(method, key))

    def requests(self, method: str = "", key: str = "") -> list[Exchange]:
        """The requests of a kind."""
        with self.lock:
            return [e for e in self.log if method in ("", e.request.method) and re.search(key, e.request.path)]

    def stop_listening(self) -> None:
        """Refuses connections from now on, and breaks those that there are."""
        # Only a shutdown wakes the thread that waits in `accept`.
        with contextlib.suppress(OSError):
            self.listener.shutdown(socket.SHUT_RDWR)
        self.listener.close()
        with self.lock:
            for connection in self.sockets:
                with contextlib.suppress(OSError):
                    connection.shutdown(socket.SHUT_RDWR)

    def listen_again(self) -> None:
        """Undoes `stop_listening`, on the same port."""
        self.listener = socket.create_server(("127.0.0.1", self.port), backlog=512)
        threading.Thread(target=self.accept, args=(self.listener,), daemon=True).start()

    close = stop_listening

    def accept(self, listener: socket.socket) -> None:
        """Runs until the listener is shut."""
        while True:
            try:
                connection, _ = listener.accept()
            except OSError:
                return
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            connection.settimeout(PATIENCE_SECONDS)
            with self.lock:
                self.sockets.add(connection)
            threading.Thread(target=self.serve, args=(connection,), daemon=True).start()

    def serve(self, connection: socket.socket) -> None:
        """One connection, request after request."""
        reader = connection.makefile("rb")
        try:
            while exchange := self.read_exchange(connection, reader):
                rule = self.decide(exchange)
                if rule:
                    exchange.fault = rule.fault.__name__
                    rule.fault(exchange, **rule.parameters)
                else:
                    exchange.answer(exchange.forward())
                _ = exchange.body
        except (Disconnected, OSError):
            pass
        finally:
            with self.lock:
                self.sockets.discard(connection)
            reader.close()
            connection.close()

    def read_exchange(self, connection: socket.socket, reader: Any) -> Exchange | None:
        """The next request, numbered; nothing when the client has closed."""
        line = reader.readline().decode("latin-1").split()
        if len(line) < 2:
            return None
        headers = []
        while text := reader.readline().decode("latin-1").strip():
            name, _, value = text.partition(":")
            headers.append((name.strip(), value.strip()))
        with self.lock:
            exchange = Exchange(self, connection, reader, Request(len(self.log) + 1, line[0], line[1], headers))
            self.log.append(exchange)
        return exchange

    def decide(self, exchange: Exchange) -> Rule | None:
        """The rule that decides a request."""
        with self.lock:
            decisive = [rule for rule in self.rules if rule.decides(exchange.request)]
        exchange.rule = decisive[0] if decisive else None
        return exchange.rule


class Exchange:
    """One request and what becomes of it."""

    def __init__(self, proxy: FaultProxy, connection: socket.socket, reader: Any, request: Request) -> None:
        self.proxy, self.connection, self.reader, self.request = proxy, connection, reader, request
        self.rule: Rule | None = None
        self.fault = ""
        self.response: Response | None = None
        """What the server said; None when the request never reached it."""
        self.seen: int | None = None
        """The status that the client was told; None when its answer was lost."""
        self._body: bytes | None = None

    def __repr__(self) -> str:
        status = self.response.status if self.response else "-"
        return f"{self.request.number} {self.request.method} {self.request.path} {self.fault} {status}>{self.seen}"

    def same_request(self, other: Exchange) -> bool:
        """Whether it is the other one, sent again."""
        return (self.request.method, self.request.path) == (other.request.method, other.request.path)

    @property
    def memory(self) -> dict[str, Any]:
        """Of the rule."""
        assert self.rule
        return self.rule.memory

    @property
    def body(self) -> bytes:
        """The request's body, read now if it was not yet."""
        if self._body is None:
            self.continue_upload()
            self._body = self.read(int(self.request.header("content-length") or 0))
        return self._body

    def continue_upload(self) -> None:
        """A large upload waits for this word."""
        if (self.request.header("expect") or "").lower() == "100-continue":
            self.send(b"HTTP/1.1 100 Continue\r\n\r\n")

    def read(self, count: int) -> bytes:
        """Bytes of the request's body, which then is incomplete for anybody else."""
        data: bytes = self.reader.read(count)
        if len(data) < count:
            raise Disconnected
        return data

    def forward(self, request: Request | None = None, body: bytes | None = None) -> Response:
        """The server's answer to the request, or to a changed one, which is then signed anew."""
        sent, payload = request or self.request, self.body if body is None else body
        proxy = self.proxy
        server = http.client.HTTPConnection(
            proxy.upstream.hostname or "", proxy.upstream.port, timeout=PATIENCE_SECONDS
        )
        headers = sent.headers
        if request is not None or body is not None:
            headers = resign(sent, payload, f"http://{proxy.upstream.netloc}", proxy.keys)
        try:
            server.putrequest(sent.method, sent.target, skip_host=True, skip_accept_encoding=True)
            for name, value in drop_headers(headers, "expect", "connection"):
                server.putheader(name, value)
            server.endheaders(payload)
            answer = server.getresponse()
            content = answer.read()
            kept = drop_headers(answer.getheaders(), "transfer-encoding", "connection", "keep-alive")
            if sent.method != "HEAD" and answer.status not in (204, 304):
                kept = [*drop_headers(kept, "content-length"), ("Content-Length", str(len(content)))]
            self.response = Response(answer.status, kept, content)
        except (OSError, http.client.HTTPException) as failure:
            # A server that is down looks to the client as it would without a proxy between.
            self.reset()
            raise Disconnected from failure
        finally:
            server.close()
        return self.response

    def send(self, data: bytes) -> None:
        """Raw bytes to the client."""
        try:
            self.connection.sendall(data)
        except OSError as gone:
            raise Disconnected from gone

    def answer(self, response: Response) -> None:
        """A whole response to the client."""
        _ = self.body
        # Said first: a client that has its answer may look here at once.
        self.seen = response.status
        try:
            self.send(response.head() + (b"" if self.request.method == "HEAD" else response.body))
        except Disconnected:
            self.seen = None
            raise

    def close(self) -> None:
        """Ends the connection in an orderly way."""
        raise Disconnected

    def reset(self) -> None:
        """Ends the connection so that the client sees a reset."""
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        raise Disconnected

    def wait_for_client_to_go(self) -> None:
        """Says nothing more."""
        with contextlib.suppress(OSError):
            while self.connection.recv(1 << 16):
                pass
        raise Disconnected
