"""The border between Python and the engine: memory, threads, signals, forks."""

from __future__ import annotations

import gc
import os
import signal
import subprocess
import sys
import threading
import time

import numpy as np
import pandas as pd
import pytest

import sterna
from sterna import _engine


def sample(rows):
    return pd.DataFrame(
        {"x": np.arange(rows), "y": np.arange(rows) / 3, "s": np.arange(rows).astype(str)},
        index=pd.date_range("2020", periods=rows, freq="s", name="time"),
    )


def resident_kilobytes():
    with open("/proc/self/statm") as file:
        return int(file.read().split()[1]) * os.sysconf("SC_PAGE_SIZE") // 1024


def test_loops_do_not_grow_memory(library):
    frame = sample(1000)

    library.write("symbol", frame)
    arrays = _engine.live_arrays()

    def reads(count):
        for _ in range(count):
            library.read("symbol")
            # Laid out for the engine, then dropped: a store in memory would grow with what is written.
            sterna._prepare.prepare(frame)
            with pytest.raises(sterna.exceptions.NoDataFoundException):
                library.read("nothing")
        gc.collect()

    reads(500)
    before = resident_kilobytes()
    reads(5000)
    assert resident_kilobytes() - before < 4000
    assert _engine.live_arrays() == arrays


def test_columns_are_freed_when_the_last_view_goes(library):
    library.write("symbol", sample(100))
    before = _engine.live_arrays()
    kept = [library.read("symbol").data["x"].to_numpy() for _ in range(10)]
    gc.collect()
    assert _engine.live_arrays() == before + 10
    assert all(array[99] == 99 for array in kept)
    del kept
    gc.collect()
    assert _engine.live_arrays() == before


def test_input_is_given_back_after_the_call(library):
    values = np.arange(100_000)
    count = sys.getrefcount(values)
    library.write("symbol", pd.DataFrame({"x": values}, copy=False))
    library.write("array", values)
    gc.collect()
    assert sys.getrefcount(values) == count


def test_threads_wait_without_the_interpreters_lock(library):
    for number in range(8):
        library.write(f"s{number}", sample(20_000))
    results = {}

    def work(number):
        for _ in range(5):
            results[number] = len(library.read(f"s{number}").data)

    threads = [threading.Thread(target=work, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert results == dict.fromkeys(range(8), 20_000)


def test_writers_to_one_symbol_lose_nothing(store):
    library = store.create_library("library")
    library.write("symbol", pd.DataFrame({"x": [0]}, index=pd.DatetimeIndex(["2020"], name="time")))

    def work(number):
        mine = sterna.Store(store.get_uri())["library"]
        for _ in range(5):
            mine.write("symbol", pd.DataFrame({"x": [number]}, index=pd.DatetimeIndex(["2020"], name="time")))

    threads = [threading.Thread(target=work, args=(number,)) for number in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(library.list_versions("symbol")) == 31


def test_control_c_ends_a_call_in_the_middle():
    # A server that takes a request and never answers. The signal comes once the request is there, so that it is the
    # call that it meets; a hang prints where it hangs. A shell's background job ignores Ctrl-C, and its children with
    # it: the program takes its own handler, or the test would hang in every job like that.
    program = """
import faulthandler, os, signal, socket, sys, threading, time
faulthandler.dump_traceback_later(40, exit=True)
signal.signal(signal.SIGINT, signal.default_int_handler)
import sterna
server = socket.create_server(("127.0.0.1", 0))
sent = []

def interrupt():
    connection, _ = server.accept()
    connection.recv(1)
    sent.append((time.monotonic(), connection))
    os.kill(os.getpid(), signal.SIGINT)

store = sterna.Store("s3://bucket", endpoint=f"http://127.0.0.1:{server.getsockname()[1]}",
                     access_key_id="a", secret_access_key="b", region="us-east-1")
threading.Thread(target=interrupt, daemon=True).start()
try:
    store.list_libraries()
except KeyboardInterrupt:
    # Far below the limit of a request, far above what a busy machine needs.
    sys.exit(0 if time.monotonic() - sent[0][0] < 10 else 2)
sys.exit(3)
"""
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, (done.stdout, done.stderr)


def test_control_c_ends_a_read_that_its_own_thread_does():
    # The server has what a folder has, but for the symbol's ref, which never comes.
    program = """
import faulthandler, http.server, os, pathlib, signal, tempfile, threading, time
faulthandler.dump_traceback_later(40, exit=True)
signal.signal(signal.SIGINT, signal.default_int_handler)
import pandas as pd
import sterna
folder = pathlib.Path(tempfile.mkdtemp())
sterna.Store(str(folder)).create_library("library").write("symbol", pd.DataFrame({"x": [1]}))
asked = []

class Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        key = self.path.partition("?")[0].removeprefix("/bucket/")
        if "/refs/" in key:
            asked.append(time.monotonic())
            os.kill(os.getpid(), signal.SIGINT)
            time.sleep(60)
        body = (folder / (key + "@")).read_bytes()
        self.send_response(200)
        self.send_header("ETag", '"tag"')
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
threading.Thread(target=server.serve_forever, daemon=True).start()
store = sterna.Store("s3://bucket", endpoint=f"http://127.0.0.1:{server.server_port}",
                     access_key_id="a", secret_access_key="b", region="us-east-1")
library = store["library"]
try:
    library.read("symbol")
except KeyboardInterrupt:
    os._exit(0 if time.monotonic() - asked[0] < 10 else 2)
os._exit(3)
"""
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, (done.stdout, done.stderr)


def test_a_signal_at_any_moment_of_a_call_ends_it():
    program = """
import faulthandler, random, signal, socket, sys, time
faulthandler.dump_traceback_later(60, exit=True)
import sterna

class Stop(Exception):
    pass

def stop(*_):
    raise Stop

signal.signal(signal.SIGALRM, stop)
server = socket.create_server(("127.0.0.1", 0), backlog=1024)
for delay in [0.00001, 0.0001, 0.0003, 0.001, 0.003] * 8:
    store = sterna.Store("s3://bucket", endpoint=f"http://127.0.0.1:{server.getsockname()[1]}",
                         access_key_id="a", secret_access_key="b", region="us-east-1")
    try:
        signal.setitimer(signal.ITIMER_REAL, delay)
        store.list_libraries()
        sys.exit(3)
    except Stop:
        pass
"""
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, (done.stdout, done.stderr)


def test_a_forked_child_reads_by_an_inherited_library(tmp_path):
    library = sterna.Store(str(tmp_path / "store")).create_library("library")
    library.write("symbol", sample(10))
    child = os.fork()
    if child == 0:
        good = False
        try:
            good = len(library.read("symbol").data) == 10
        finally:
            os._exit(0 if good else 1)
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline:
        done, status = os.waitpid(child, os.WNOHANG)
        if done:
            assert status == 0
            return
        time.sleep(0.05)
    os.kill(child, signal.SIGKILL)
    pytest.fail("the child hangs")
