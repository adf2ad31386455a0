"""Ending the engine calls of other threads."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import TypeVar

from . import _engine
from .exceptions import CancelledException

_Result = TypeVar("_Result")


class Cancellation:
    """The threads that work for one task, and whether its work is wanted any more.

    A thread belongs to at most one at a time; those that it starts for its work join it.
    """

    _of_thread = threading.local()

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._threads: set[int] = set()
        self._is_cancelled = False

    @classmethod
    def of_this_thread(cls) -> Cancellation | None:
        """That which this thread works for."""
        return getattr(cls._of_thread, "cancellation", None)

    def run(self, work: Callable[[], _Result]) -> _Result:
        """Works in this thread; raises `CancelledException` when it is not wanted any more."""
        thread = threading.get_ident()
        with self._lock:
            if self._is_cancelled:
                raise CancelledException("the task that asked for it was cancelled.")
            self._threads.add(thread)
        self._of_thread.cancellation = self
        try:
            return work()
        finally:
            self._of_thread.cancellation = None
            with self._lock:
                self._threads.discard(thread)
                # From here on the thread is another task's.
                _engine.allow_calls()

    def cancel(self) -> None:
        """Ends the calls of all its threads, now and later."""
        with self._lock:
            self._is_cancelled = True
            for thread in self._threads:
                _engine.stop_calls(thread)
