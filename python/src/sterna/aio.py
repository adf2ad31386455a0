"""The same names for coroutines: `await library.read(...)`.

    from sterna import aio

    store = aio.Store("s3://market-data/prod")
    library = await store.get_library("ticks")
    spy, qqq = await asyncio.gather(library.read("SPY"), library.read("QQQ"))

Each call waits in a thread, without the interpreter's lock, so the event loop goes on. A task that is cancelled stops
waiting at once, and its call and transfers end soon after; a commit that was under way may still take effect.

>>> import asyncio, numpy as np
>>> async def example():
...     library = await Store("memory://aio-example").create_library("numbers")
...     await asyncio.gather(*(library.write(name, np.arange(3)) for name in "ab"))
...     return await library.list_symbols()
>>> asyncio.run(example())
['a', 'b']
"""

from __future__ import annotations

import asyncio
import concurrent.futures
import functools
from collections.abc import Callable, Coroutine
from typing import Any, Concatenate, ParamSpec, TypeVar, cast

from . import library as _library
from . import store as _store
from ._cancelling import Cancellation

__all__ = ["Library", "Store"]

_Arguments = ParamSpec("_Arguments")
_Result = TypeVar("_Result")
_Plain = TypeVar("_Plain")

# More calls at once than this share the network to no one's gain; others wait their turn.
_THREADS = 64


@functools.cache
def _threads() -> concurrent.futures.ThreadPoolExecutor:
    # Threads of our own: a program may have given the default pool fewer than it needs.
    return concurrent.futures.ThreadPoolExecutor(_THREADS, thread_name_prefix="sterna")


async def _in_thread(work: Callable[[], _Result]) -> _Result:
    cancellation = Cancellation()
    try:
        return await asyncio.get_running_loop().run_in_executor(_threads(), cancellation.run, work)
    except asyncio.CancelledError:
        cancellation.cancel()
        raise


def _twin(
    method: Callable[Concatenate[_Plain, _Arguments], _Result],
) -> Callable[Concatenate[Any, _Arguments], Coroutine[Any, Any, _Result]]:
    @functools.wraps(method)
    async def twin(self: Any, /, *arguments: _Arguments.args, **options: _Arguments.kwargs) -> _Result:
        return await _in_thread(lambda: method(self.sync, *arguments, **options))

    return cast(Callable[Concatenate[Any, _Arguments], Coroutine[Any, Any, _Result]], twin)


class Library:
    """A library whose methods are coroutines; they take and return what those of `sterna.Library` do."""

    def __init__(self, library: _library.Library) -> None:
        """Made by a `Store`, or from a library that blocks."""
        self.sync = library
        """The library whose methods block."""

    def __repr__(self) -> str:
        """Where the library is."""
        return f"aio.{self.sync!r}"

    @property
    def name(self) -> str:
        """The library's name."""
        return self.sync.name

    write = _twin(_library.Library.write)
    write_pickle = _twin(_library.Library.write_pickle)
    append = _twin(_library.Library.append)
    update = _twin(_library.Library.update)
    merge = _twin(_library.Library.merge)
    read = _twin(_library.Library.read)
    head = _twin(_library.Library.head)
    tail = _twin(_library.Library.tail)
    stage = _twin(_library.Library.stage)
    finalize_staged_data = _twin(_library.Library.finalize_staged_data)
    sort_and_finalize_staged_data = _twin(_library.Library.sort_and_finalize_staged_data)
    get_staged_symbols = _twin(_library.Library.get_staged_symbols)
    delete_staged_data = _twin(_library.Library.delete_staged_data)
    write_batch = _twin(_library.Library.write_batch)
    write_pickle_batch = _twin(_library.Library.write_pickle_batch)
    append_batch = _twin(_library.Library.append_batch)
    update_batch = _twin(_library.Library.update_batch)
    read_batch = _twin(_library.Library.read_batch)
    read_batch_and_join = _twin(_library.Library.read_batch_and_join)
    delete_batch = _twin(_library.Library.delete_batch)
    read_metadata = _twin(_library.Library.read_metadata)
    read_metadata_batch = _twin(_library.Library.read_metadata_batch)
    write_metadata = _twin(_library.Library.write_metadata)
    write_metadata_batch = _twin(_library.Library.write_metadata_batch)
    get_description = _twin(_library.Library.get_description)
    get_description_batch = _twin(_library.Library.get_description_batch)
    list_symbols = _twin(_library.Library.list_symbols)
    has_symbol = _twin(_library.Library.has_symbol)
    list_versions = _twin(_library.Library.list_versions)
    delete = _twin(_library.Library.delete)
    delete_data_in_range = _twin(_library.Library.delete_data_in_range)
    prune_previous_versions = _twin(_library.Library.prune_previous_versions)
    restore_version = _twin(_library.Library.restore_version)
    prune = _twin(_library.Library.prune)
    copy = _twin(_library.Library.copy)
    rename = _twin(_library.Library.rename)
    diff = _twin(_library.Library.diff)
    collect = _twin(_library.Library.collect)
    verify = _twin(_library.Library.verify)
    snapshot = _twin(_library.Library.snapshot)
    list_snapshots = _twin(_library.Library.list_snapshots)
    delete_snapshot = _twin(_library.Library.delete_snapshot)
    resolve = _twin(_library.Library.resolve)
    compact_data = _twin(_library.Library.compact_data)
    compact_data_batch = _twin(_library.Library.compact_data_batch)
    is_symbol_fragmented = _twin(_library.Library.is_symbol_fragmented)


class Store:
    """A store whose methods are coroutines; it is opened as `sterna.Store` is, without a request."""

    def __init__(self, *arguments: Any, **options: Any) -> None:
        """Opens a store."""
        self.sync = _store.Store(*arguments, **options)
        """The store whose methods block."""

    def __repr__(self) -> str:
        """Names no secret."""
        return f"aio.{self.sync!r}"

    async def create_library(self, name: str, *arguments: Any, **options: Any) -> Library:
        """As `sterna.Store.create_library`."""
        return Library(await _in_thread(lambda: self.sync.create_library(name, *arguments, **options)))

    async def get_library(self, name: str, *arguments: Any, **options: Any) -> Library:
        """As `sterna.Store.get_library`."""
        return Library(await _in_thread(lambda: self.sync.get_library(name, *arguments, **options)))

    list_libraries = _twin(_store.Store.list_libraries)
    has_library = _twin(_store.Store.has_library)
    delete_library = _twin(_store.Store.delete_library)
    modify_library_option = _twin(_store.Store.modify_library_option)
