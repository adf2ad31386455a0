"""The twin for coroutines."""

from __future__ import annotations

import asyncio
import inspect
import time

import numpy as np
import pytest
from frames import frame, same

import sterna as st
from sterna import aio, exceptions


def test_calls_run_at_once_and_leave_the_loop_free(tmp_path):
    async def work():
        store = aio.Store(str(tmp_path / "store"))
        library = await store.create_library("library")
        await asyncio.gather(*(library.write(f"s{number}", frame()) for number in range(20)))
        ticks = 0

        async def tick():
            nonlocal ticks
            while True:
                await asyncio.sleep(0)
                ticks += 1

        ticking = asyncio.create_task(tick())
        items = await asyncio.gather(*(library.read(f"s{number}", row_range=(0, 3)) for number in range(20)))
        ticking.cancel()
        for item in items:
            same(item.data, frame(slice(0, 3)))
        assert ticks > 0
        assert len(await library.list_symbols()) == 20 and await store.list_libraries() == ["library"]
        with pytest.raises(exceptions.NoSuchVersionException):
            await library.read("nothing")
        assert (await store.get_library("library")).name == "library"
        assert await store.has_library("library") and not await store.has_library("nothing")

    asyncio.run(work())


def test_every_method_that_asks_the_engine_has_a_twin():
    plain = {
        name for name, member in inspect.getmembers(st.Library, inspect.isfunction)
        if not name.startswith("_") and name not in (
            "options", "admin_tools", "merge_experimental", "defragment_symbol_data", "compact_data_explain_plan",
            "enterprise_options", "reload_symbol_list", "compact_symbol_list",
        )
    }  # fmt: skip
    assert plain - set(dir(aio.Library)) == set()
    assert all(inspect.iscoroutinefunction(getattr(aio.Library, name)) for name in plain)
    assert inspect.signature(aio.Library.read) == inspect.signature(st.Library.read)


def test_a_cancelled_task_stops_waiting(tmp_path):
    async def work():
        library = await aio.Store(str(tmp_path / "store")).create_library("library")
        await library.write("symbol", np.arange(2_000_000))
        reading = asyncio.create_task(library.read("symbol"))
        await asyncio.sleep(0)
        reading.cancel()
        with pytest.raises(asyncio.CancelledError):
            await reading
        return (await library.read("symbol", row_range=(0, 2))).data.tolist()

    began = time.monotonic()
    assert asyncio.run(work()) == [0, 1]
    assert time.monotonic() - began < 60
