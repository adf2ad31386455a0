"""Servers and places for the tests of this folder."""

from __future__ import annotations

import itertools
import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from harness.client import Answer, Client
from harness.proxy import FaultProxy
from harness.signing import Keys

run_id = os.urandom(4).hex()
numbers = itertools.count()


class Place:
    """A library of its own on a real server, with a proxy in front of it.

    The store is shared by the tests of this process: its conditional writes are proven once.
    """

    def __init__(self, server: str) -> None:
        endpoint = os.environ.get(f"STERNA_TEST_{server.upper()}_ENDPOINT")
        if not endpoint:
            if os.environ.get("STERNA_TEST_REQUIRE_SERVERS") == "1":
                pytest.fail(f"{server} is not running")
            pytest.skip(f"{server} is not running: scripts/s3 start {server}")
        self.server, self.endpoint = server, endpoint
        keys = Keys(os.environ["STERNA_TEST_S3_ACCESS_KEY"], os.environ["STERNA_TEST_S3_SECRET_KEY"])
        self.proxy = FaultProxy(endpoint, keys)
        self.bucket = os.environ["STERNA_TEST_S3_BUCKET"]
        self.clients: list[Client] = []
        self.store, self.library = f"s3://{self.bucket}/faults-{run_id}/shared", ""
        self.begin()

    def begin(self, own_store: bool = False) -> dict[str, str]:
        """Goes on in a library, or even a store, that nobody has used. The answer names it in a command."""
        self.library = f"lib{next(numbers)}"
        if own_store:
            self.store = f"s3://{self.bucket}/faults-{run_id}/{next(numbers)}"
        return {"store": self.store, "library": self.library}

    def client(self, *options: str, direct: bool = False, **more: Any) -> Client:
        """A new process, behind the proxy or beside it."""
        if self.server == "rclone":
            options = (*options, "--single-writer")
        endpoint = more.pop("endpoint", self.endpoint if direct else self.proxy.endpoint)
        client = Client(endpoint, self.store, self.library, *options, **more)
        self.clients.append(client)
        return client

    def make(self, *operations: tuple[str, dict[str, Any]], library: bool = True) -> None:
        """Does operations without faults."""
        client = self.client(direct=True)
        if library:
            client.must("createLibrary")
        for name, arguments in operations:
            client.must(name, **arguments)
        client.close()

    def state(self) -> Any:
        """What a client without faults sees, which must be sound."""
        client = self.client(direct=True)
        state = client.must("state")["state"]
        if state is not None:
            assert client.must("verify")["problems"] == []
        client.close()
        return state

    def close(self) -> None:
        """Ends what was started."""
        for client in self.clients:
            client.close()
        self.proxy.close()


def rows(first: int, count: int, **more: Any) -> dict[str, Any]:
    """Rows of symbol S."""
    return {"symbol": "S", "first": first, "rows": count, **more}


# Two versions of five and of eight slices, and a snapshot of the first.
BASE = [("write", rows(0, 40)), ("snapshot", {"name": "kept"}), ("append", rows(40, 24))]


@pytest.fixture
def place() -> Iterator[Place]:
    """On the referee."""
    made = Place("ceph")
    yield made
    made.close()


@pytest.fixture(params=["ceph", "rclone"])
def anywhere(request: pytest.FixtureRequest) -> Iterator[Place]:
    """On the referee, and on a server without conditional writes that a single writer uses."""
    made = Place(request.param)
    yield made
    made.close()


@pytest.fixture(scope="session")
def undisturbed() -> dict[str, tuple[Answer, Any]]:
    """What operations answer and leave without faults, by server and operation."""
    return {}


def without_faults(
    known: dict[str, tuple[Answer, Any]], place: Place, name: str, arguments: dict[str, Any], *options: str
) -> tuple[Answer, Any]:
    """The answer and the state behind it of an operation on `BASE` when nothing goes wrong."""
    key = json.dumps([place.server, name, arguments, options])
    if key not in known:
        library = place.library
        place.begin()
        place.make(*BASE)
        client = place.client(*options, direct=True)
        known[key] = (client.must(name, **arguments), place.state())
        place.library = library
    return known[key]


def pytest_configure() -> None:
    """Finds the program that the clients are."""
    program = os.environ.setdefault("STERNA_SOAK", str(Path(__file__).parents[2] / ".build/debug/Soak"))
    if not os.access(program, os.X_OK):
        pytest.exit(f"no program {program}: swift build --product Soak, or scripts/test-faults", 2)
