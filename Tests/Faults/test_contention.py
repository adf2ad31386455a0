"""Row 37: many processes write to one symbol. The full size is `scripts/soak`'s: 64 processes of 200 rounds."""

from __future__ import annotations

import os
from collections.abc import Callable

import pytest

from conftest import Place
from harness import faults
from harness.contention import contend

WRITERS, ROUNDS = int(os.environ.get("STERNA_TEST_WRITERS", "8")), int(os.environ.get("STERNA_TEST_ROUNDS", "25"))


def test_row_37_many_writers_lose_nothing_and_none_starves(place: Place, capsys: pytest.CaptureFixture[str]) -> None:
    """Every commit is one version, in an order that every writer could have seen; each gets its turn."""
    verdict = contend(place.endpoint, place.store, place.library, WRITERS, ROUNDS)
    with capsys.disabled():
        print("\n" + verdict.summary)
    assert verdict.problems == []
    assert len(verdict.versions) == WRITERS * ROUNDS
    assert all(isinstance(commit.outcome, int) for commit in verdict.commits)
    # The slowest writer keeps moving while the fastest one works.
    assert verdict.shares[0] >= ROUNDS // 10


def test_row_37_many_writers_through_a_network_that_loses_answers(place: Place) -> None:
    """Lost, late and doubled commits at random: what was reported is what happened."""
    chances: list[tuple[Callable[..., None], float]] = [
        (faults.forward_then_drop, 0.06),
        (faults.duplicate, 0.06),
        (faults.hold_then_forward, 0.04),
        (faults.drop_before, 0.04),
        (faults.forward_then_status, 0.04),
    ]
    for seed, (fault, probability) in enumerate(chances):
        place.proxy.add(fault, "PUT", "/refs/", probability=probability, seed=seed)
    place.make()
    verdict = contend(place.proxy.endpoint, place.store, place.library, 4, 12)
    assert verdict.problems == []
    assert sum(rule.hits for rule in place.proxy.rules) >= 5
    place.proxy.heal()
    before = place.state()
    assert all(answer.status in (404, 409, 412) for answer in place.proxy.release())
    assert place.state() == before
