"""The checker of histories finds every kind of damage: a checker that passes everything would prove nothing."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import replace

import pytest

from harness.history import Commit, Version, is_write, problems, rows_of

History = tuple[list[Commit], list[Version]]


def sound(writers: int = 4, rounds: int = 9) -> History:
    """Writers that take turns at random, as a store would let them."""
    chance, turn = random.Random(1), 0
    left = [(writer, rounds) for writer in range(writers)]
    commits: list[Commit] = []
    versions: list[Version] = []
    while left:
        writer, rest = left.pop(chance.randrange(len(left)))
        round = rounds - rest
        before = versions[-1].rows if versions and not is_write(round) else ()
        name = "write" if is_write(round) else "append"
        versions.append(Version(len(versions), turn, name, before + rows_of(writer, round)))
        # Each began when the one before it was under way.
        commits.append(Commit(writer, round, turn * 10 - 5, turn * 10 + 4, len(versions) - 1))
        turn += 1
        if rest > 1:
            left.append((writer, rest - 1))
    return commits, versions


def lose(history: History) -> History:
    commits, versions = history
    return commits, versions[:-1]


def lose_in_the_middle(history: History) -> History:
    commits, versions = history
    return commits, [replace(v, number=v.number - (v.number > 7)) for v in versions if v.number != 7]


def apply_twice(history: History) -> History:
    commits, versions = history
    again = versions[-1]
    return commits, [*versions, replace(again, number=again.number + 1, time=again.time + 1)]


def leave_a_gap(history: History) -> History:
    commits, versions = history
    return commits, [replace(v, number=v.number + (v.number > 7)) for v in versions]


def report_another_number(history: History) -> History:
    commits, versions = history
    return [replace(commits[0], outcome=3), *commits[1:]], versions


def report_a_failure(history: History) -> History:
    commits, versions = history
    return [replace(commits[0], outcome="conflict"), *commits[1:]], versions


def make_a_stranger(history: History) -> History:
    commits, versions = history
    return commits[1:], versions


def change_a_bit(history: History) -> History:
    commits, versions = history
    row = versions[5].rows[0]
    return commits, [replace(v, rows=((*row[:2], "bad"), *v.rows[1:])) if v.number == 5 else v for v in versions]


def forget_the_predecessor(history: History) -> History:
    commits, versions = history
    last = next(v for v in reversed(versions) if v.operation == "append")
    return commits, [replace(v, rows=rows_of(*v.commit)) if v is last else v for v in versions]


def turn_back_time(history: History) -> History:
    commits, versions = history
    return commits, [replace(v, time=0) if v.number == 9 else v for v in versions]


def come_before_what_had_ended(history: History) -> History:
    commits, versions = history
    return [replace(c, began=1000, ended=1001) if c.outcome == 2 else c for c in commits], versions


DAMAGE: list[Callable[[History], History]] = [
    lose, lose_in_the_middle, apply_twice, leave_a_gap, report_another_number, report_a_failure, make_a_stranger,
    change_a_bit, forget_the_predecessor, turn_back_time, come_before_what_had_ended,
]  # fmt: skip


def test_a_sound_history_has_no_problems() -> None:
    assert list(problems(*sound())) == []


@pytest.mark.parametrize("damage", DAMAGE)
def test_damage_is_found(damage: Callable[[History], History]) -> None:
    assert list(problems(*damage(sound())))


def test_an_unknown_outcome_may_be_there_or_not_but_once() -> None:
    commits, versions = sound()
    unknown = [replace(c, outcome="commitStateUnknown") if c.outcome == len(versions) - 1 else c for c in commits]
    assert list(problems(unknown, versions)) == []
    assert list(problems(unknown, versions[:-1])) == []
    assert list(problems(*apply_twice((unknown, versions))))
