"""Progress of long work on a terminal, where tqdm is installed."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Protocol


class Bar(Protocol):
    """What can be told how far work has come."""

    def update(self, n: int = 1) -> Any:
        """So many more are done."""

    def set_description(self, text: str) -> Any:
        """What is being done now."""


class _Silent:
    def update(self, n: int = 1) -> None:
        """Nothing to show."""

    def set_description(self, text: str) -> None:
        """Nothing to show."""


@contextmanager
def bar(total: int, what: str, *, is_shown: bool | None = None) -> Iterator[Bar]:
    """A bar for `total` pieces of work.

    Unless told to show it always or never, it shows up on terminals only, once the work takes longer than a moment.
    """
    if is_shown is False:
        yield _Silent()
        return
    try:
        from tqdm.auto import tqdm
    except ImportError:
        yield _Silent()
        return
    disable = None if is_shown is None else False
    with tqdm(total=total, desc=what, disable=disable, delay=1.5 if is_shown is None else 0, leave=False) as shown:
        yield shown
