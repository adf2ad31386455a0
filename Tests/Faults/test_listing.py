"""Rows 14, 15, 22 and 44-46: bulk deletions that fail in part, and listings that are old, wrong or odd."""

from __future__ import annotations

import hashlib
import re
from typing import Any

import pytest

from conftest import BASE, Place, rows
from harness import faults
from harness.client import Client

LIST, BULK = r"list-type=2", r"\?delete"
MANY: list[tuple[str, dict[str, Any]]] = [
    *BASE,
    *[("write", {"symbol": f"{'long name ' * 40}{n}" if n % 2 else f"T{n}", "first": 0, "rows": 20}) for n in range(8)],
    *[("snapshot", {"name": f"snapshot {n}"}) for n in range(4)],
]
# Everything but the last version is garbage.
GARBAGE = [*BASE, ("write", rows(0, 8)), ("prune", {"symbol": "S", "keep": 1}), ("deleteSnapshot", {"name": "kept"})]


def garbage(place: Place) -> Client:
    """A library of which a collection must delete most."""
    place.make(*GARBAGE)
    client = place.client()
    assert client.must("verify")["unreferenced"] >= 8
    return client


def test_row_14_an_error_in_an_answer_of_success_is_an_error(anywhere: Place) -> None:
    """One that may pass is tried again."""
    place = anywhere
    client = garbage(place)
    rule = place.proxy.add(faults.body_200_error, "POST", BULK, [1, 2])
    assert client.must("collect")["deleted"] >= 8
    assert rule.hits == 2
    place.proxy.heal()
    assert client.must("verify")["unreferenced"] == 0
    place.state()


def test_row_14_a_refusal_in_an_answer_of_success_is_reported(anywhere: Place) -> None:
    """And nothing counts as deleted."""
    place = anywhere
    client = garbage(place)
    before = client.must("verify")
    place.proxy.add(faults.body_200_error, "POST", BULK, code="AccessDenied")
    answer = client.do("collect")
    assert answer["code"] == "accessDenied" and "s3:DeleteObject" in answer["advice"], answer
    place.proxy.heal()
    assert client.must("verify") == before


def test_row_15_only_keys_whose_deletion_may_still_work_are_sent_again(anywhere: Place) -> None:
    """The others have their outcome."""
    place = anywhere
    client = garbage(place)
    place.proxy.add(faults.multi_delete_errors, "POST", BULK, 1, refused=r"\.node$")
    client.must("collect")
    first, second = (re.findall(r"<Key>(.*?)</Key>", e.body.decode()) for e in place.proxy.requests("POST", BULK))
    assert len(first) > len(second) > 0 and all(key.endswith(".node") for key in second), (first, second)
    assert client.must("verify")["unreferenced"] == 0
    place.state()


def test_row_15_a_key_that_cannot_be_deleted_is_named(anywhere: Place) -> None:
    """The rest is deleted all the same."""
    place = anywhere
    client = garbage(place)
    before = client.must("verify")["unreferenced"]
    place.proxy.add(faults.multi_delete_errors, "POST", BULK, refused=r"\.node$", code="AccessDenied")
    answer = client.do("collect")
    assert answer["code"] == "accessDenied" and answer["key"].endswith(".node"), answer
    place.proxy.heal()
    assert 0 < client.must("verify")["unreferenced"] < before
    place.state()


@pytest.mark.parametrize(("status", "code"), [(501, "NotImplemented"), (405, "MethodNotAllowed")])
def test_row_22_a_server_without_bulk_deletion_is_asked_key_by_key(anywhere: Place, status: int, code: str) -> None:
    """And asked in bulk only once."""
    place = anywhere
    client = garbage(place)
    rule = place.proxy.add(faults.fail_before, "POST", BULK, status=status, code=code)
    deleted = client.must("collect")["deleted"]
    assert rule.hits == 1 and place.proxy.count("DELETE") == deleted >= 8
    assert client.must("verify")["unreferenced"] == 0
    place.state()


def test_row_44_the_latest_version_never_depends_on_a_listing(anywhere: Place) -> None:
    """Listings are answered as they were before the writes."""
    place = anywhere
    place.make(*BASE)
    reader = place.client()
    place.proxy.add(faults.stale_list, "GET", LIST)
    reader.must("state")
    writer = place.client(direct=True)
    writer.must("append", **rows(64, 24))
    writer.must("write", symbol="new", first=0, rows=10)
    for client in (reader, place.client()):
        latest = client.must("read", symbol="S")
        assert latest == writer.must("read", symbol="S")
        assert client.must("read", symbol="new")["rows"] == 10
        assert client.must("append", **rows(100, 1))["version"] == latest["version"] + 1
        client.must("prune", symbol="S", keep=1)
        assert writer.must("append", **rows(100, 1))["version"] == latest["version"] + 2
    place.state()


def test_row_45_what_is_listed_and_not_there_does_no_harm(anywhere: Place) -> None:
    """Refs, blocks and snapshots that were deleted a moment ago."""
    place = anywhere
    place.make(*GARBAGE)
    root = f"{place.store.split('/', 3)[3]}/{place.library}"
    digest, shard = "0" * 64, hashlib.sha256(b"ghost").hexdigest()[:2]
    ghosts = {
        "refs": [f"{root}/refs/{shard}/ghost"],
        "snapshots": [f"{root}/snapshots/ghost"],
        "blocks": [f"{root}/blocks/8d/S/0/{digest}.seg"],
    }
    for folder, names in ghosts.items():
        place.proxy.add(faults.list_also, "GET", rf"{LIST}.*prefix=[^&]*{folder}(%2F|/)", keys=names)
    client = place.client()
    client.must("verify")
    client.must("collect")
    client.must("verify")
    place.proxy.heal()
    assert client.must("verify")["problems"] == []
    assert client.must("verify")["unreferenced"] == 0


def test_row_46_keys_named_twice_and_pages_that_overlap_count_once(place: Place) -> None:
    """Pages of three, of which each names its own keys and the last of the page before twice."""
    place.make(*MANY)
    wanted = place.state()
    assert len(wanted["symbols"]) == 9 and len(wanted["snapshots"]) == 5
    rule = place.proxy.add(faults.dup_in_list, "GET", LIST)
    client = place.client()
    assert client.must("state")["state"] == wanted
    found = client.must("verify")
    assert found["problems"] == [] and rule.hits > 10
    assert client.must("collect")["deleted"] == 0
    place.proxy.heal()
    assert place.client(direct=True).must("verify") == found


def test_row_46_a_token_that_the_server_has_forgotten_is_worked_around(place: Place) -> None:
    """The listing goes on behind the last key."""
    place.make(*MANY)
    wanted = place.state()
    forgotten = place.proxy.add(faults.fail_before, "GET", "continuation-token", status=400, code="InvalidArgument")
    place.proxy.add(faults.dup_in_list, "GET", LIST)
    client = place.client()
    assert client.must("state")["state"] == wanted
    assert client.must("verify")["problems"] == []
    assert forgotten.hits > 5
