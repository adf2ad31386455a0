"""Row 48: the client is killed before and after each of its requests. Then the store is sound, the state is the old
one or the new one, and the operation can be done again.

STERNA_TEST_KILLS is the most requests of an operation that are tried, spread evenly; 0 for all of them.
"""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from typing import Any

import pytest

from conftest import BASE, Place, rows
from harness import faults
from harness.client import Client, ClientGone

Where = dict[str, str]
KILLS = int(os.environ.get("STERNA_TEST_KILLS", "0"))
DECISIVE, LAST = r"/refs/|/snapshots/|/sterna.json$", r"/library.json$"
GARBAGE = [*BASE, ("prune", {"symbol": "S", "keep": 1}), ("deleteSnapshot", {"name": "kept"})]


STAGED = [*BASE, ("stage", rows(64, 12)), ("stage", rows(76, 12))]


@dataclass(frozen=True)
class Operation:
    """What is killed, on what, and what may be said to a user who does it again though it was done."""

    name: str
    arguments: dict[str, Any] = field(default_factory=dict)
    base: list[tuple[str, dict[str, Any]]] = field(default_factory=lambda: BASE)
    makes_library: bool = True
    done_already: str = "ok"
    may_complete: bool = False
    """What the dead client began may be completed by whoever comes next, who is then told that it is done."""
    trials: int | None = None
    """Of an operation of very many requests: so many of them, spread evenly."""


OPERATIONS = {
    "create-library": Operation("createLibrary", base=[], makes_library=False, trials=12),
    "first-write": Operation("write", rows(0, 40), base=[]),
    "write": Operation("write", rows(0, 40, seed=5)),
    "append": Operation("append", rows(64, 24), done_already="unsortedIndex"),
    "update": Operation("update", rows(10, 20, seed=5)),
    "delete-rows": Operation("deleteRows", {"symbol": "S", "first": 10, "last": 30}),
    "write-metadata": Operation("writeMetadata", {"symbol": "S"}),
    "restore": Operation("restore", {"symbol": "S", "version": 0}),
    "prune": Operation("prune", {"symbol": "S", "keep": 1}),
    "delete-versions": Operation("deleteVersions", {"symbol": "S", "version": 0}, done_already="versionNotFound"),
    "delete-symbol": Operation("deleteSymbol", {"symbol": "S"}, done_already="symbolNotFound"),
    "snapshot": Operation("snapshot", {"name": "new"}, done_already="alreadyExists", may_complete=True),
    "delete-snapshot": Operation("deleteSnapshot", {"name": "kept"}, done_already="snapshotNotFound"),
    "stage": Operation("stage", rows(64, 24)),
    "commit-staged": Operation("commitStaged", {"symbol": "S"}, base=STAGED, done_already="stagedPieceNotFound"),
    "abandon-staged": Operation("abandonStaged", {"symbol": "S"}, base=STAGED),
    "collect": Operation("collect", base=GARBAGE),
}


def make(client: Client, where: Where, operation: Operation) -> None:
    """The library as it is before the operation."""
    if operation.makes_library:
        client.must("createLibrary", **where)
    for name, arguments in operation.base:
        client.must(name, **where, **arguments)


def look(client: Client, where: Where) -> Any:
    """The state, which must be sound."""
    state = client.must("state", **where)["state"]
    if state is not None:
        assert client.must("verify", **where)["problems"] == []
    return state


@pytest.mark.parametrize("name", OPERATIONS)
def test_row_48_killed_at_every_request(place: Place, name: str) -> None:
    """Table-driven: one operation is one test, each of its requests two trials."""
    operation = OPERATIONS[name]
    helper = place.client(direct=True)
    where = place.begin(own_store=not operation.makes_library)
    make(helper, where, operation)
    old = look(helper, where)
    place.client().must(operation.name, **operation.arguments)
    new, count = look(helper, where), len(place.proxy.log)
    assert count >= 2
    seen = set()
    moments: list[dict[str, Any]] = [{"nth": number} for number in chosen(count, operation)]
    # Requests in parallel come in any order and number: those that decide are named as well.
    for moment in [*moments, {"method": "PUT", "key": DECISIVE, "nth": 1}, {"method": "PUT", "key": LAST, "nth": 1}]:
        for when in ("before", "after"):
            where = place.begin(own_store=not operation.makes_library)
            make(helper, where, operation)
            if killed(place, operation, when, moment):
                seen.add(look(helper, where) == new)
                again(helper, where, operation, old, new, f"{name} killed {when} {moment} of {count}")
    # The table would prove nothing if no trial had come to lie on each side of the commit.
    assert seen == ({True} if old == new else {True, False}), seen


def chosen(count: int, operation: Operation) -> list[int]:
    """All requests, or some of them."""
    wanted = min([limit for limit in (KILLS, operation.trials) if limit] + [count])
    step = (count - 1) / max(wanted - 1, 1)
    return sorted({1 + round(step * number) for number in range(wanted)})


def killed(place: Place, operation: Operation, when: str, moment: dict[str, Any]) -> bool:
    """Whether the client died: it may have sent fewer requests than the one that was counted."""
    client = place.client()
    place.proxy.heal()
    place.proxy.kill_client = client.kill
    place.proxy.add(faults.kill_client_at, when=when, **moment)
    try:
        client.must(operation.name, **operation.arguments)
    except (ClientGone, BrokenPipeError):
        return True
    client.close()
    return False


def again(client: Client, where: Where, operation: Operation, old: Any, new: Any, trial: str) -> None:
    """The state is the old one or the new one; the operation then works, or says that it was done."""
    found = look(client, where)
    assert found in (old, new), trial
    answer = client.do(operation.name, **where, **operation.arguments)
    done = look(client, where)
    if found == old:
        assert done == new, (trial, answer)
        assert answer["outcome"] == "ok" or (operation.may_complete and answer["code"] == operation.done_already)
    else:
        assert answer.get("code", "ok") in ("ok", operation.done_already), (trial, answer)
    if operation.name == "collect":
        assert client.must("verify", **where)["unreferenced"] == 0, trial
