"""A TCP proxy on loopback, in a process of its own, that counts HTTP requests and bytes and can add a round trip.

`python -m benchmarks.proxy PORT ROUND_TRIP_MILLISECONDS`

It prints its port; each line on its input is answered with what it counted since the last; it ends with its input.
"""

from __future__ import annotations

import asyncio
import json
import re
import subprocess
import sys
from collections.abc import Coroutine
from dataclasses import asdict, dataclass
from pathlib import Path
from types import TracebackType
from typing import IO, Any

CHUNK_BYTES = 1 << 16
# What one connection may hold back in one direction: 64 MiB.
HELD_CHUNKS = 1024
# A loop's timers wake up to a millisecond late, which six times in a row would look like a third of a round trip.
TIMER_LATENESS = 0.002


@dataclass
class Counts:
    """From the client's side."""

    connections: int = 0
    requests: int = 0
    sent_bytes: int = 0
    received_bytes: int = 0


class RequestCounter:
    """Counts requests in what a client sends over one connection, wherever the stream is cut."""

    def __init__(self) -> None:
        """At the beginning of a head."""
        self._head = b""
        self._body_left = 0

    def feed(self, data: bytes) -> int:
        """How many heads end in this piece."""
        count = 0
        while data:
            skipped = min(self._body_left, len(data))
            self._body_left -= skipped
            data = data[skipped:]
            if not data:
                break
            self._head += data
            head, end, data = self._head.partition(b"\r\n\r\n")
            if not end:
                break
            self._head = b""
            count += bool(re.match(rb"[A-Z]+ \S+ HTTP/1", head))
            length = re.search(rb"\r\ncontent-length: *(\d+)", head, re.IGNORECASE)
            self._body_left = int(length[1]) if length else 0
        return count


class Delay:
    """When a piece arrives that was sent now: half a round trip later, and not before the connection stands."""

    def __init__(self, accepted: float, round_trip: float) -> None:
        """A connection costs a round trip: here it was accepted at once, so its first bytes wait for that."""
        self._established = accepted + round_trip
        self._one_way = round_trip / 2

    def arrival(self, sent: float) -> float:
        """In the same clock."""
        return max(sent, self._established) + self._one_way


async def _pump(
    reader: asyncio.StreamReader, writer: asyncio.StreamWriter, arrival: Delay, counts: Counts, sends: bool
) -> None:
    """Reading goes on while pieces are on their way: latency does not limit throughput."""
    loop = asyncio.get_running_loop()
    held: asyncio.Queue[tuple[float, bytes]] = asyncio.Queue(HELD_CHUNKS)
    requests = RequestCounter()

    async def deliver() -> None:
        while True:
            when, data = await held.get()
            await _sleep_until(when)
            if not data:
                break
            writer.write(data)
            await writer.drain()
        if writer.can_write_eof():
            writer.write_eof()

    async def collect() -> None:
        while data := await reader.read(CHUNK_BYTES):
            if sends:
                counts.sent_bytes += len(data)
                counts.requests += requests.feed(data)
            else:
                counts.received_bytes += len(data)
            await held.put((arrival.arrival(loop.time()), data))
        await held.put((loop.time(), b""))

    await _together(collect(), deliver())


async def _sleep_until(when: float) -> None:
    """Exactly: the last of the wait goes round in the loop instead of by its timers."""
    loop = asyncio.get_running_loop()
    if (wait := when - loop.time() - TIMER_LATENESS) > 0:
        await asyncio.sleep(wait)
    while loop.time() < when:
        await asyncio.sleep(0)


async def _together(*work: Coroutine[Any, Any, None]) -> None:
    """Until all have ended, or one has failed: then the others are cancelled."""
    tasks = [asyncio.create_task(each) for each in work]
    try:
        done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_EXCEPTION)
        for each in done:
            each.result()
    finally:
        for each in tasks:
            each.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


async def _serve(target: int, round_trip: float) -> None:
    counts = Counts()
    # The loop itself holds tasks weakly: one that waits for both ends at once would be collected as garbage.
    running: set[asyncio.Task[None] | None] = set()

    async def connected(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        counts.connections += 1
        running.add(asyncio.current_task())
        delay = Delay(asyncio.get_running_loop().time(), round_trip)
        there: asyncio.StreamWriter | None = None
        try:
            from_there, there = await asyncio.open_connection("127.0.0.1", target)
            await _together(_pump(reader, there, delay, counts, True), _pump(from_there, writer, delay, counts, False))
        except OSError:
            pass  # One end is gone; the other learns it by its connection being closed.
        finally:
            running.discard(asyncio.current_task())
            for each in (writer, there):
                if each is not None:
                    each.close()

    server = await asyncio.start_server(connected, "127.0.0.1", 0)
    print(server.sockets[0].getsockname()[1], flush=True)
    loop = asyncio.get_running_loop()
    while await loop.run_in_executor(None, sys.stdin.readline):
        print(json.dumps(asdict(counts)), flush=True)
        counts.connections = counts.requests = counts.sent_bytes = counts.received_bytes = 0


class Proxy:
    """The proxy from outside; it runs within the block."""

    def __init__(self, target: int, round_trip_milliseconds: float = 0) -> None:
        """In front of a port of this machine."""
        self._command = [sys.executable, "-m", "benchmarks.proxy", str(target), str(round_trip_milliseconds)]
        self.port = 0

    def __enter__(self) -> Proxy:
        """Starts it."""
        folder = Path(__file__).parents[1]
        self._process = subprocess.Popen(
            self._command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=folder
        )
        self.port = int(self._line())
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Ends it."""
        self._process.kill()
        self._process.wait()

    def take(self) -> Counts:
        """What passed since the last call."""
        _pipe(self._process.stdin).write("\n")
        _pipe(self._process.stdin).flush()
        return Counts(**json.loads(self._line()))

    def _line(self) -> str:
        return _pipe(self._process.stdout).readline()


def _pipe(pipe: IO[str] | None) -> IO[str]:
    if pipe is None:
        raise RuntimeError("the proxy was started without pipes")
    return pipe


if __name__ == "__main__":
    asyncio.run(_serve(int(sys.argv[1]), float(sys.argv[2]) / 1000))
    # The thread that waits for input would keep the process.
    sys.exit()
