"""Messages for the logger `sterna`.

A program that never imported `logging` listens to nothing: then it is not imported here either, which keeps
`import sterna` quick. Warnings of the engine are rare, and are told in any case.
"""

from __future__ import annotations

import sys
from typing import Any

from . import _engine

DEBUG, INFO = 10, 20


def is_on(level: int) -> bool:
    """Whether anybody listens at a level."""
    logging = sys.modules.get("logging")
    return logging is not None and logging.getLogger("sterna").isEnabledFor(level)


def tell(level: int, message: str, *arguments: Any) -> None:
    """Tells whoever listens."""
    logging = sys.modules.get("logging")
    if logging is not None:
        logging.getLogger("sterna").log(level, message, *arguments)


def tell_what_the_engine_says() -> None:
    """Passes the engine's messages on: in the thread that called it, at the end of the call."""
    while (message := _engine.take_message()) is not None:
        import logging

        logging.getLogger("sterna").log(message[0], "%s", message[1])
