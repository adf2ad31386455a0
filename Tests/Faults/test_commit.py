"""Rows 30-39: what happens to the one request that decides, and servers on which it would decide nothing."""

from __future__ import annotations

from typing import Any

import pytest

from conftest import BASE, Place, rows, without_faults
from harness import faults

REF = r"/refs/"
# Each ends in one conditional put of the ref.
COMMITS: list[tuple[str, dict[str, Any]]] = [
    ("write", rows(0, 16, seed=5)),
    ("append", rows(64, 24)),
    ("update", rows(10, 5, seed=5)),
    ("deleteRows", {"symbol": "S", "first": 10, "last": 20}),
    ("writeMetadata", {"symbol": "S"}),
    ("restore", {"symbol": "S", "version": 0}),
    ("prune", {"symbol": "S", "keep": 1}),
    ("deleteVersions", {"symbol": "S", "version": 0}),
    ("deleteSymbol", {"symbol": "S"}),
]
each_commit = pytest.mark.parametrize("commit", COMMITS, ids=lambda commit: commit[0])
APPEND = COMMITS[1]


def warm(place: Place) -> Any:
    """A client that has committed before: it knows how this server wants tags, so each commit is one put."""
    place.make(*BASE)
    client = place.client()
    client.must("write", symbol="other", first=0, rows=1)
    client.must("writeMetadata", symbol="other")
    return client


def settled(place: Place, undisturbed: dict[str, Any], commit: tuple[str, dict[str, Any]]) -> Any:
    """The answer and the state that are wanted, with the symbol that `warm` leaves."""
    answer, state = without_faults(undisturbed, place, commit[0], commit[1])
    found = place.state()
    found["symbols"].pop("other")
    return answer, state, found


@each_commit
def test_row_30_a_lost_answer_to_a_commit_is_success_exactly_once(
    place: Place, undisturbed: dict[str, Any], commit: tuple[str, dict[str, Any]]
) -> None:
    """Whatever the commit is."""
    client = warm(place)
    rule = place.proxy.add(faults.forward_then_drop, "PUT", REF, 1)
    answer = client.do(commit[0], **commit[1])
    place.proxy.heal()
    assert rule.hits == 1
    expected, state, found = settled(place, undisturbed, commit)
    assert (answer, found) == (expected, state)


@each_commit
def test_row_31_an_outcome_that_nobody_can_settle_is_unknown(
    place: Place, undisturbed: dict[str, Any], commit: tuple[str, dict[str, Any]]
) -> None:
    """The answer is lost and nothing answers any more: never `failed`, and the state behind is the new one."""
    client = warm(place)
    client.close()
    client = place.client(variables={"AWS_MAX_ATTEMPTS": "2"})
    client.must("write", symbol="other", first=0, rows=1)
    lost = place.proxy.add(faults.forward_then_drop, "PUT", REF, 1)
    # Silence begins with the lost answer: what the operation reads before that is answered.
    place.proxy.add(faults.rst, "", REF, after=lost)
    answer = client.do(commit[0], **commit[1])
    place.proxy.heal()
    _, state, found = settled(place, undisturbed, commit)
    assert found == state
    assert answer["code"] == "commitStateUnknown" and answer["mayHaveBeenApplied"], answer


@pytest.mark.parametrize("fault", [faults.forward_then_drop, faults.drop_before, faults.hold_then_forward])
def test_row_31_the_token_of_an_unknown_commit_settles_it_in_another_process(place: Place, fault: Any) -> None:
    """Whether the commit took effect, was lost, or is still on its way: then it is shut out."""
    warm(place).close()
    before = place.state()
    client = place.client(variables={"AWS_MAX_ATTEMPTS": "2"})
    lost = place.proxy.add(fault, "PUT", "/refs/", 1)
    place.proxy.add(faults.rst, "", REF, after=lost)
    token = client.do(*APPEND[:1], **APPEND[1])["token"]
    place.proxy.heal()
    found = place.client(direct=True).must("resolve", token=token)["found"]
    assert found == ("committed" if fault is faults.forward_then_drop else "notCommitted")
    settled_state = place.state()
    grown = len(settled_state["symbols"]["S"]) - len(before["symbols"]["S"])
    assert grown == (found == "committed")
    place.proxy.release()
    assert place.state() == settled_state
    assert place.client(direct=True).must("resolve", token=token)["found"] == found


@pytest.mark.parametrize("losses", [2, 3, 5])
def test_row_31_lost_answers_that_end_are_settled(place: Place, undisturbed: dict[str, Any], losses: int) -> None:
    """The commit is lost on its way or back, again and again, until the network heals."""
    client = warm(place)
    place.proxy.add(faults.forward_then_drop, "PUT", REF, range(1, losses + 1))
    place.proxy.add(faults.rst, "GET", REF, range(1, losses + 1))
    answer = client.do(*APPEND[:1], **APPEND[1])
    place.proxy.heal()
    expected, state, found = settled(place, undisturbed, APPEND)
    assert (answer, found) == (expected, state)


def test_row_32_a_lost_answer_and_another_writer_behind_it_is_still_success(place: Place) -> None:
    """The entry is looked for by its number, not at the end."""
    client = warm(place)
    other = place.client(direct=True)
    place.proxy.add(faults.forward_then_drop, "PUT", REF, 1, meanwhile=lambda: other.must("append", **rows(88, 8)))
    assert client.must("append", **rows(64, 24))["version"] == 2
    operations = [version.split()[1] for version in place.state()["symbols"]["S"]]
    assert operations == ["append", "append", "append", "write"]
    assert client.must("read", symbol="S")["rows"] == 96


def test_row_32_forty_other_writers_behind_a_lost_answer_are_no_conflict(place: Place) -> None:
    """By then the entry has moved from the ref into the history."""
    client = warm(place)
    other = place.client(direct=True)

    def many() -> None:
        for number in range(40):
            other.must("append", **rows(88 + number, 1))

    place.proxy.add(faults.forward_then_drop, "PUT", REF, 1, meanwhile=many)
    assert client.must("append", **rows(64, 24))["version"] == 2
    assert client.must("read", symbol="S")["rows"] == 128
    place.state()


@pytest.mark.parametrize("sends", [1, 3, 50])
def test_row_34_a_zombie_put_changes_nothing(place: Place, sends: int) -> None:
    """The request arrives long after its writer gave it up: the tag that it names is gone."""
    client = warm(place)
    place.proxy.add(faults.hold_then_forward, "PUT", REF, range(1, sends + 1))
    answer = client.do(*APPEND[:1], **APPEND[1])
    place.proxy.heal()
    # Later versions of the same symbol, by the same client and by others.
    if answer["outcome"] == "ok":
        client.must("append", **rows(88, 8))
    place.client(direct=True).must("writeMetadata", symbol="S")
    before = place.state()
    assert place.proxy.held
    arrived = place.proxy.release()
    assert all(response.status in (404, 409, 412) for response in arrived), arrived
    assert place.state() == before
    appends = [version for version in before["symbols"]["S"] if version.split()[1] == "append"]
    wanted = {"ok": 3, "failed": 1, "unknown": 1}[answer["outcome"]]
    assert len(appends) == wanted, (answer, before)


@each_commit
@pytest.mark.parametrize("seen", [0, 1], ids=["first-answer", "second-answer"])
def test_row_35_a_commit_delivered_twice_is_one_version(
    place: Place, undisturbed: dict[str, Any], commit: tuple[str, dict[str, Any]], seen: int
) -> None:
    """Whichever of the two answers comes back."""
    client = warm(place)
    place.proxy.add(faults.duplicate, "PUT", REF, 1, seen=seen)
    answer = client.do(commit[0], **commit[1])
    place.proxy.heal()
    expected, state, found = settled(place, undisturbed, commit)
    assert (answer, found) == (expected, state)


@each_commit
@pytest.mark.parametrize("fault", [faults.fail_before, faults.forward_then_status])
def test_row_36_a_409_says_nothing(
    place: Place, undisturbed: dict[str, Any], commit: tuple[str, dict[str, Any]], fault: Any
) -> None:
    """The same put goes again, whether the first took effect or not."""
    client = warm(place)
    place.proxy.add(fault, "PUT", REF, [1, 2], status=409, code="ConditionalRequestConflict")
    answer = client.do(commit[0], **commit[1])
    place.proxy.heal()
    expected, state, found = settled(place, undisturbed, commit)
    assert (answer, found) == (expected, state)


# ---- Servers that would let two writers win


@pytest.mark.parametrize("name", ["If-None-Match", "If-Match"])
def test_row_38_a_store_that_ignores_a_condition_is_refused_with_the_proof(place: Place, name: str) -> None:
    """Before anything but the proof is stored."""
    place.begin(own_store=True)
    place.proxy.add(faults.strip_header, "PUT", key="", name=name)
    answer = place.client().do("createLibrary")
    assert answer["code"] == "unsupportedStore" and "writers" in answer["message"] + answer["advice"], answer
    assert place.state() is None


def test_row_39_a_store_that_looks_first_and_writes_later_is_refused(place: Place) -> None:
    """Only a race shows it."""
    place.begin(own_store=True)
    place.proxy.add(faults.non_atomic, "PUT", milliseconds=100)
    answer = place.client().do("createLibrary")
    assert answer["code"] == "unsupportedStore", answer
    assert place.state() is None


@pytest.mark.parametrize("fault", [faults.no_etag, faults.wrong_etag])
def test_tags_that_a_proxy_takes_away_or_changes_never_lose_a_version(place: Place, fault: Any) -> None:
    """Refused with a clear word, or done; never done and reported otherwise."""
    client = warm(place)
    before = place.state()
    place.proxy.add(fault, "", REF)
    answer = client.do(*APPEND[:1], **APPEND[1])
    place.proxy.heal()
    after = place.state()
    grew = len(after["symbols"]["S"]) - len(before["symbols"]["S"])
    assert grew == {"ok": 1, "failed": 0}.get(answer["outcome"], grew), answer
