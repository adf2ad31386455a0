"""Rows 51, 52 and 59: a server that is killed, a user who interrupts, and a process without descriptors."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from conftest import BASE, Place, rows
from harness import faults
from harness.proxy import Exchange

DOWN_SECONDS = 1.5


class Server:
    """A server of this test's own, which can be killed and started again on its port, with its data."""

    def __init__(self, kind: str, folder: Path) -> None:
        with socket.create_server(("127.0.0.1", 0)) as free:
            self.port = free.getsockname()[1]
        self.environment = dict(os.environ)
        if kind == "rclone":
            (folder / "data" / os.environ["STERNA_TEST_S3_BUCKET"]).mkdir(parents=True)
            key, secret = os.environ["STERNA_TEST_S3_ACCESS_KEY"], os.environ["STERNA_TEST_S3_SECRET_KEY"]
            self.environment |= {"RCLONE_CONFIG": "/dev/null", "RCLONE_AUTH_KEY": f'"{key},{secret}"'}
            program = str(Path(sys.executable).parent / "rclone")
            self.command = [program, "serve", "s3", "--addr", f"127.0.0.1:{self.port}", "--cache-dir",
                            str(folder / "cache"), str(folder / "data")]  # fmt: skip
        else:
            # A second gateway on the cluster that runs: the objects are in its storage daemon.
            settings = os.environ.get("STERNA_TEST_CEPH_CONFIGURATION", "")
            if not Path(settings).is_file():
                pytest.skip("the cluster of the Ceph gateway is not on this machine")
            self.command = ["radosgw", "-c", settings, "-n", "client.rgw", "-f",
                            f"--rgw_frontends=beast endpoint=127.0.0.1:{self.port} tcp_nodelay=1"]  # fmt: skip
        self.start()

    def start(self) -> None:
        """Until it answers."""
        self.process = subprocess.Popen(
            self.command, env=self.environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        deadline = time.monotonic() + 30
        while time.monotonic() < deadline:
            try:
                socket.create_connection(("127.0.0.1", self.port), 1).close()
                return
            except OSError:
                assert self.process.poll() is None, self.command
                time.sleep(0.05)
        raise AssertionError("the server does not answer")

    def kill(self) -> None:
        """Without warning."""
        self.process.kill()
        self.process.wait()

    def fall_and_rise(self) -> None:
        """Is away for a moment."""
        self.kill()
        time.sleep(DOWN_SECONDS)
        self.start()


@pytest.mark.parametrize("kind", ["ceph", "rclone"])
def test_row_51_a_server_that_is_killed_and_comes_back_is_ridden_out(kind: str, tmp_path: Path) -> None:
    """Twice in the middle of appends; every one that was reported is there once."""
    place = Place(kind)
    server = Server(kind, tmp_path)
    try:
        place.endpoint = f"http://127.0.0.1:{server.port}"
        place.begin(own_store=True)
        place.make(*BASE)
        client, count = place.client(direct=True), 0
        for _ in range(2):
            falling = threading.Thread(target=server.fall_and_rise)
            falling.start()
            while falling.is_alive():
                # It has to work, however long the server is away.
                assert client.must("append", **rows(64 + 4 * count, 4))["version"] == 2 + count
                count += 1
            falling.join()
        assert count >= 4
        assert len(place.state()["symbols"]["S"]) == 2 + count
    finally:
        place.close()
        server.kill()


def sterna() -> str:
    """The command line, as users run it."""
    program = os.environ.get("STERNA_CLI", str(Path(os.environ["STERNA_SOAK"]).parent / "sterna"))
    assert os.access(program, os.X_OK), f"no program {program}"
    return program


def run_sterna(place: Place, *arguments: str) -> subprocess.Popen[bytes]:
    """A command behind the proxy."""
    variables = {
        "AWS_ENDPOINT_URL_S3": place.proxy.endpoint, "AWS_REGION": "us-east-1",
        "AWS_ACCESS_KEY_ID": os.environ["STERNA_TEST_S3_ACCESS_KEY"],
        "AWS_SECRET_ACCESS_KEY": os.environ["STERNA_TEST_S3_SECRET_KEY"], "PATH": os.environ["PATH"],
    }  # fmt: skip
    return subprocess.Popen([sterna(), *arguments], env=variables, stdout=subprocess.PIPE, stderr=subprocess.PIPE)


@pytest.mark.parametrize("name", ["INT", "TERM"])
def test_row_52_interrupted_at_every_request_there_is_no_half_commit(place: Place, tmp_path: Path, name: str) -> None:
    """The exit code is 130 (143), or 0 when the commit was under way already; the state tells the same."""
    table = tmp_path / "rows.csv"
    table.write_text("time,value\n" + "".join(f"2024-01-{day:02},{day}\n" for day in range(1, 29)))
    place.make()
    codes = set()
    for request in range(1, 40):
        symbol, target = f"S{request}", Target()
        rule = place.proxy.add(interrupt, nth=request, target=target, name=name)
        target.process = run_sterna(place, "import", str(table), place.store, place.library, symbol, "--time", "time")
        out, errors = target.process.communicate(timeout=60)
        place.proxy.heal()
        code = target.process.returncode
        codes.add(code)
        if not rule.hits:
            assert code == 0, errors
            break
        assert code in (0, 130 if name == "INT" else 143), (request, errors)
        assert code == 0 or b"interrupted" in errors, (request, errors)
        # Whoever was told nothing may find the version there; whoever was told that it is there finds it.
        assert symbol in place.state()["symbols"] or code != 0, (request, out, errors)
    assert len(codes) == 2, codes


class Target:
    """A process that is about to be started."""

    process: subprocess.Popen[bytes] | None = None


def interrupt(exchange: Exchange, target: Target, name: str) -> None:
    """Sends the signal when the request comes, and answers it as ever."""
    while target.process is None:
        time.sleep(0.001)
    target.process.send_signal(getattr(signal, f"SIG{name}"))
    time.sleep(0.05)
    exchange.answer(exchange.forward())


def test_row_59_without_descriptors_the_work_is_done_or_the_error_says_why(place: Place) -> None:
    """`ulimit -n 64`: fewer than the connections that a client would open."""
    place.make(*BASE)
    client = place.client("--rows-per-slice", "2", prefix=["sh", "-c", 'ulimit -n 64; exec "$@"', "sh"])
    answer = client.do("append", **rows(64, 600))
    if answer["outcome"] != "ok":
        text = " ".join(str(part) for part in answer.values())
        assert re.search(r"descriptor|too many open files|ulimit", text, re.I), answer
    assert place.state()["symbols"]["S"]
    # With what is left afterwards it goes on.
    assert client.must("read", symbol="S")["rows"] in (64, 664)


def test_row_59_with_hardly_any_descriptors_the_error_is_clear(place: Place) -> None:
    """Not one connection can be opened."""
    place.make(*BASE)
    client = place.client(prefix=["sh", "-c", 'ulimit -n 14; exec "$@"', "sh"],
                          variables={"AWS_MAX_ATTEMPTS": "2"})  # fmt: skip
    answer = client.do("read", symbol="S")
    text = " ".join(str(part) for part in answer.values())
    assert answer["outcome"] == "ok" or re.search(r"descriptor|too many open files|ulimit", text, re.I), answer


def test_two_collectors_one_of_which_dies_leave_what_a_third_finishes(place: Place) -> None:
    """Row 55 with processes: both begin, one is killed in the middle of its deletions."""
    place.make(
        *BASE, ("write", rows(0, 8)), ("prune", {"symbol": "S", "keep": 1}), ("deleteSnapshot", {"name": "kept"})
    )
    before = place.state()
    first, second = place.client(), place.client(direct=True)
    place.proxy.kill_client = first.kill
    place.proxy.add(faults.kill_client_at, "POST", r"\?delete", when="before")
    first.start("collect")
    second.must("collect")
    place.client(direct=True).must("collect")
    assert place.client(direct=True).must("verify")["unreferenced"] == 0
    assert place.state() == before
