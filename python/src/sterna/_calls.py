"""Engine calls with JSON in and out, on handles that follow their process over a fork."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from typing import Any

from . import _engine, _log, _types, exceptions
from ._envelope import dumps

_engine.set_error_factory(exceptions.from_fields)


class Handle:
    """An engine handle that is opened again in a forked child, which cannot use its parent's."""

    __slots__ = ("_generation", "_handle", "_open")

    def __init__(self, open_handle: Callable[[], _types.Handle], handle: _types.Handle | None = None) -> None:
        self._open = open_handle
        self._handle = open_handle() if handle is None else handle
        self._generation = _engine.generation()

    def get(self) -> _types.Handle:
        """The handle for this process."""
        if self._generation != _engine.generation():
            self._handle = self._open()
            self._generation = _engine.generation()
        return self._handle

    def call(
        self, function: str, name: str | None = None, options: dict[str, Any] | None = None,
        data: _types.Stream | None = None,
    ) -> Answer:  # fmt: skip
        """Calls an engine function; options that are None are left out."""
        if not isinstance(name, str | None):
            raise exceptions.UserInputException(f"{name!r} is no name. Give a text.")
        given = {key: value for key, value in (options or {}).items() if value is not None}
        began = time.perf_counter()
        try:
            return Answer(*_engine.call(function, self.get(), name, dumps(given) if given else None, data))
        except ValueError as error:
            # Of the arguments; the engine's own failures are of other kinds.
            if isinstance(error, UnicodeEncodeError) or (name is not None and "\0" in name):
                raise exceptions.UserInputException(
                    f"{name!r} or what goes with it holds a zero byte or a lone surrogate. Use other characters."
                ) from None
            raise
        finally:
            _log.tell_what_the_engine_says()
            # Names only: options hold metadata, which is the user's.
            if _log.is_on(_log.DEBUG):
                milliseconds = (time.perf_counter() - began) * 1000
                _log.tell(_log.DEBUG, "%s %s took %.1f ms", function, name or "", milliseconds)


class Answer:
    """What a call returned."""

    __slots__ = ("_json", "handle", "stream")

    def __init__(self, text: str | None, handle: _types.Handle | None, stream: _types.Stream | None) -> None:
        self._json = text
        self.handle = handle
        self.stream = stream

    @property
    def json(self) -> Any:
        """The document of the answer; None when it has none."""
        return None if self._json is None else json.loads(self._json)


def open_store(uri: str, options: dict[str, Any]) -> Handle:
    """Opens a store; no request is made."""
    text = dumps(options) if options else None

    def open_again() -> _types.Handle:
        try:
            return Answer(*_engine.open(uri, text)).handle
        finally:
            _log.tell_what_the_engine_says()

    return Handle(open_again)
