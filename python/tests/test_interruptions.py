"""Calls that end before their time: signals and cancelled tasks; and many at once."""

from __future__ import annotations

import asyncio
import contextlib
import socket
import threading
import time

import numpy as np
import pytest
from programs import run

import sterna
from sterna import aio
from sterna._cancelling import Cancellation
from sterna._library_batches import each_in_parallel

CALLS = {
    "write": "library.write('symbol', table)",
    "append": "library.append('symbol', table.shift(freq=f'{1 + len(library.list_versions(\"symbol\"))}D'))",
    "update": "library.update('symbol', table.iloc[100:30_000])",
    "read": "library.read('symbol')",
    "polars": "library.read('symbol', output_format='polars')",
    "scan": "import pyarrow; pyarrow.table(sterna.scan(library, 'symbol'))",
    "batch": "library.write_batch([sterna.WritePayload(f's{n}', table) for n in range(6)])",
    "read_batch": "library.read_batch(['symbol', 'other'] * 4)",
    "stage": (
        "library.delete_staged_data('staged'); library.stage('staged', table); library.finalize_staged_data('staged')"
    ),
    "copy": "library.copy('symbol', f'copy{random.randrange(10**9)}')",
    "snapshot": "library.snapshot(f'snapshot{random.randrange(10**9)}')",
    "delete": "library.write('gone', table); library.delete('gone')",
    "collect": "library.prune('symbol', keep_last=3); library.collect()",
    "verify": "library.verify(thoroughness='data')",
}


@pytest.mark.parametrize("call", CALLS)
def test_control_c_leaves_nothing_half_written(tmp_path, call):
    """At random moments of a call: it ends, the store is whole, every version is there, and the next call works."""
    run(
        f"""
signal.signal(signal.SIGINT, signal.default_int_handler)
library.write("symbol", table)
library.write("other", table)

def work():
    {CALLS[call]}

work()
began = time.perf_counter()
work()
span = time.perf_counter() - began
random.seed(1)
interrupted = 0
for _ in range(25):
    timer = threading.Timer(random.random() * span * 1.2, os.kill, (os.getpid(), signal.SIGINT))
    try:
        try:
            timer.start()
            work()
        finally:
            timer.cancel()
            timer.join()
    except KeyboardInterrupt:
        interrupted += 1
    # A signal that came as the call returned.
    try:
        time.sleep(0.001)
    except KeyboardInterrupt:
        pass
assert interrupted > 0
found = library.verify(thoroughness="data")
assert found.is_clean, found.problems
for symbol in library.list_symbols():
    for version in list(library.list_versions(symbol))[:4]:
        assert len(library.read(symbol, as_of=version.version).data) >= 30_000, version
library.write("symbol", table)
assert len(readable("symbol")) == 60_000
""",
        tmp_path / "store",
    )


def test_many_threads_of_one_handle_mix_all_kinds_of_calls(tmp_path):
    run(
        """
library.write("symbol", table)
failures = []

def work(seed):
    chance = random.Random(seed)
    for number in range(12):
        try:
            kind = chance.randrange(6)
            if kind == 0:
                library.write(f"s{seed}", table.iloc[: chance.randrange(1, 5000)])
            elif kind == 1:
                library.append("shared", pd.DataFrame({"x": [seed]}, index=[pd.Timestamp(2021, 1, 1)]))
            elif kind == 2:
                assert len(library.read("symbol").data) == 60_000
            elif kind == 3:
                assert "symbol" in library.list_symbols()
            elif kind == 4:
                assert library.read("symbol", output_format="polars").data.height == 60_000
            else:
                del library._known["symbol"]
        except KeyError:
            pass
        except Exception as error:
            failures.append(repr(error))

threads = [threading.Thread(target=work, args=(seed,)) for seed in range(12)]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
assert not failures, failures
assert library.verify(thoroughness="data").is_clean
""",
        tmp_path / "store",
    )


def test_a_store_is_let_go_while_its_calls_run(tmp_path):
    run(
        """
library.write("symbol", table)
counts = []

def read(number):
    mine = sterna.Store(sys.argv[1])["library"]
    handle = mine._handle
    del mine
    counts.append(len(handle.call("library_read", "symbol").json))

for _ in range(10):
    threads = [threading.Thread(target=read, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    gc.collect()
    for thread in threads:
        thread.join()
del store, library
gc.collect()
assert len(counts) == 80
""",
        tmp_path / "store",
    )


def test_a_signals_default_action_ends_the_process(tmp_path):
    for name in ("SIGTERM", "SIGHUP"):
        run(
            f"""
# It may be ignored where the tests run, as under nohup.
signal.signal(signal.{name}, signal.SIG_DFL)
def kill():
    time.sleep(0.05)
    os.kill(os.getpid(), signal.{name})
threading.Thread(target=kill, daemon=True).start()
while True:
    library.write("symbol", table)
""",
            tmp_path / name,
            code={"SIGTERM": -15, "SIGHUP": -1}[name],
        )
        library = sterna.Store(str(tmp_path / name))["library"]
        assert library.verify(thoroughness="data").is_clean
        assert len(library.read("symbol").data) == 60_000 if library.has_symbol("symbol") else True


def test_a_handler_that_calls_the_engine_in_the_midst_of_a_call(tmp_path):
    run(
        """
library.write("symbol", table)
seen = []
signal.signal(signal.SIGALRM, lambda *_: seen.append(len(library.read("symbol", columns=["x"]).data)))
signal.setitimer(signal.ITIMER_REAL, 0.01, 0.02)
for _ in range(30):
    assert len(readable("symbol")) == 60_000
deadline = time.monotonic() + 20
while not seen and time.monotonic() < deadline:
    time.sleep(0.01)
signal.setitimer(signal.ITIMER_REAL, 0)
assert seen and set(seen) == {60_000}
""",
        tmp_path / "store",
    )


# ---- Tasks


class SilentServer:
    """Takes requests and never answers; tells when the client gives one up."""

    def __init__(self):
        self.server = socket.create_server(("127.0.0.1", 0))
        self.asked, self.given_up = threading.Event(), threading.Event()
        threading.Thread(target=self._serve, daemon=True).start()

    def _serve(self):
        while True:
            connection, _ = self.server.accept()
            threading.Thread(target=self._watch, args=(connection,), daemon=True).start()

    def _watch(self, connection):
        while connection.recv(65536):
            self.asked.set()
        self.given_up.set()

    def store(self, kind):
        endpoint = f"http://127.0.0.1:{self.server.getsockname()[1]}"
        return kind("s3://bucket", endpoint=endpoint, access_key_id="a", secret_access_key="b", region="us-east-1")


def until(event):
    return asyncio.get_running_loop().run_in_executor(None, event.wait, 30)


def test_a_cancelled_task_ends_its_transfer():
    server = SilentServer()

    async def work():
        task = asyncio.create_task(server.store(aio.Store).list_libraries())
        assert await until(server.asked)
        began = time.monotonic()
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        assert await until(server.given_up)
        # Far below the time limit of a request.
        assert time.monotonic() - began < 15

    asyncio.run(work())


def test_a_cancelled_batch_ends_the_calls_of_all_its_threads():
    server = SilentServer()
    store = server.store(sterna.Store)
    cancellation = Cancellation()
    requests = [sterna.ReadRequest(str(number)) for number in range(6)]
    ends = []

    def work():
        ends.extend(each_in_parallel(requests, lambda _: store.list_libraries()))

    thread = threading.Thread(target=cancellation.run, args=(work,))
    thread.start()
    assert server.asked.wait(30)
    cancellation.cancel()
    thread.join(30)
    assert [end.exception.code for end in ends] == ["cancelled"] * 6
    with pytest.raises(sterna.exceptions.CancelledException):
        cancellation.run(work)


def test_tasks_cancelled_at_any_moment_leave_all_well(tmp_path):
    async def work():
        library = await aio.Store(str(tmp_path / "store")).create_library("library")
        for number in range(60):
            task = asyncio.create_task(library.write(f"s{number % 4}", np.arange(50_000)))
            await asyncio.sleep(number % 10 / 1000)
            task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await task
        assert (await library.write("last", np.arange(5))).version == 0
        for name in await library.list_symbols():
            assert (await library.read(name)).data[4] == 4
        assert (await library.verify(thoroughness="data")).is_clean

    asyncio.run(work())


def test_a_time_limit_of_asyncio_ends_a_call():
    server = SilentServer()

    async def work():
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0.3):
                await server.store(aio.Store).list_libraries()
        assert await until(server.given_up)

    asyncio.run(work())
