"""Messages for the logger `sterna`.

A program that never imported `logging` listens to nothing: then it is not imported here either, which keeps
`import sterna` quick. Warnings of the engine are rare, and are told in any case.
"""

from __future__ import annotations

import sys
from typing import Any

from . import _engine

DEBUG, INFO = 10, 20


# Kept once it is there: asking `logging` for it takes a lock that all loggers share.
_logger: Any = None


def _listener() -> Any:
    """The logger; None while nobody can listen."""
    global _logger
    if _logger is None and "logging" in sys.modules:
        import logging

        _logger = logging.getLogger("sterna")
    return _logger


def is_on(level: int) -> bool:
    """Whether anybody listens at a level."""
    logger = _listener()
    return logger is not None and bool(logger.isEnabledFor(level))


def tell(level: int, message: str, *arguments: Any) -> None:
    """Tells whoever listens."""
    logger = _listener()
    if logger is not None:
        logger.log(level, message, *arguments)


def tell_what_the_engine_says() -> None:
    """Passes the engine's messages on: in the thread that called it, at the end of the call."""
    while (message := _engine.take_message()) is not None:
        import logging

        logging.getLogger("sterna").log(message[0], "%s", message[1])
