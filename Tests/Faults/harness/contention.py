"""Many writer processes on one symbol, and the verdict on what they leave.

python -m harness.contention --writers 64 --rounds 200      (scripts/soak runs it; the environment names the server)
"""

from __future__ import annotations

import argparse
import os
import statistics
import sys
import time
from collections import Counter
from dataclasses import dataclass

from .client import Client
from .history import Commit, Version, problems


@dataclass
class Verdict:
    """What was found, and how the writers shared the symbol."""

    commits: list[Commit]
    versions: list[Version]
    problems: list[str]
    seconds: float

    @property
    def shares(self) -> list[int]:
        """Rounds of each writer until the first one had done all of its: while all competed."""
        last = max(commit.round for commit in self.commits)
        end = min(commit.ended for commit in self.commits if commit.round == last)
        counts = Counter(commit.writer for commit in self.commits if commit.ended <= end)
        return sorted(counts[writer] for writer in {commit.writer for commit in self.commits})

    @property
    def summary(self) -> str:
        """For people."""
        waits = sorted((commit.ended - commit.began) / 1e6 for commit in self.commits)
        failures = Counter(commit.outcome for commit in self.commits if isinstance(commit.outcome, str))
        shares, median = self.shares, statistics.median(self.shares)
        return (
            f"{len(self.versions)} versions of {len(self.commits)} commits in {self.seconds:.1f} s "
            f"({len(self.versions) / self.seconds:.0f} a second), failures: {dict(failures) or 'none'}\n"
            f"rounds of a writer while all competed: least {shares[0]}, median {median:.0f}, most {shares[-1]}; "
            f"max/median {shares[-1] / max(median, 1):.2f}, median/min {median / max(shares[0], 1):.2f}\n"
            f"milliseconds of a commit: median {statistics.median(waits):.0f}, "
            f"99 % {waits[len(waits) * 99 // 100]:.0f}, most {waits[-1]:.0f}"
        )


def contend(endpoint: str, store: str, library: str, writers: int, rounds: int, *options: str) -> Verdict:
    """Runs all writers at once and checks what they leave, before and after a collection."""
    judge = Client(endpoint, store, library, *options)
    judge.must("createLibrary")
    clients = [Client(endpoint, store, library, *options) for _ in range(writers)]
    try:
        for client in clients:
            # Started and connected, so that all begin at once.
            client.start("read", symbol="S")
        for client in clients:
            client.wait()
        began = time.monotonic()
        for number, client in enumerate(clients):
            client.start("contend", symbol="S", writer=number, rounds=rounds)
        answers = [client.wait(seconds=3600) for client in clients]
        seconds = time.monotonic() - began
        commits = [Commit(number, *row) for number, answer in enumerate(answers) for row in answer["rounds"]]
        found = list(check(judge, commits))
        return Verdict(commits, read(judge), found, seconds)
    finally:
        for client in [*clients, judge]:
            client.close()


def read(judge: Client) -> list[Version]:
    """All versions, decoded."""
    judge.start("contention", symbol="S")
    answer = judge.wait(seconds=3600)["versions"]
    return [Version(number, at, name, tuple(map(tuple, rows))) for number, at, name, rows in answer]


def check(judge: Client, commits: list[Commit]) -> list[str]:
    """The history, then `verify`; then a collection, after which nothing may be left over or missing."""
    found = list(problems(commits, read(judge)))
    judge.must("collect")
    judge.start("verify")
    report = judge.wait(seconds=3600)
    found += report["problems"]
    if report["unreferenced"]:
        found.append(f"{report['unreferenced']} blocks that nothing leads to are left behind a collection")
    return found


def main() -> None:
    """From the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--writers", type=int, default=64)
    parser.add_argument("--rounds", type=int, default=200)
    wanted = parser.parse_args()
    store = f"s3://{os.environ['STERNA_TEST_S3_BUCKET']}/contention-{os.urandom(4).hex()}"
    verdict = contend(os.environ["STERNA_TEST_CEPH_ENDPOINT"], store, "lib", wanted.writers, wanted.rounds)
    print(verdict.summary)
    for problem in verdict.problems[:20]:
        print(problem)
    sys.exit(1 if verdict.problems or len(verdict.versions) != wanted.writers * wanted.rounds else 0)


if __name__ == "__main__":
    main()
