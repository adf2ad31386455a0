"""How a version's metadata carries what pandas needs besides the columns.

The user's metadata stands alone when there is nothing to add, so that other languages see just that. Otherwise:

    {"sterna.python": {...}, "metadata": the user's}
"""

from __future__ import annotations

import json
from typing import Any, NamedTuple

from . import _metadata

_KEY = layout_member = "sterna.python"


class Envelope(NamedTuple):
    """The two parts of a version's metadata."""

    user: Any = None
    """The user's, decoded."""
    layout: dict[str, Any] | None = None
    """How the columns make a pandas or NumPy object; None for the plain way."""

    def document(self) -> Any:
        """The JSON to store; None for nothing."""
        user = _metadata.encode(self.user)
        looks_like_envelope = isinstance(user, dict) and _KEY in user
        if not self.layout and not looks_like_envelope:
            return user
        return {_KEY: self.layout or {}, "metadata": user}

    @staticmethod
    def of(document: Any) -> Envelope:
        """Reads what was stored."""
        if isinstance(document, dict) and document.keys() == {_KEY, "metadata"}:
            return Envelope(_metadata.decode(document["metadata"]), document[_KEY] or None)
        return Envelope(_metadata.decode(document), None)

    @staticmethod
    def member(document: Any) -> Any:
        """The layout as it is stored; None where there is none."""
        return document.get(_KEY) if isinstance(document, dict) else None


def dumps(document: Any) -> str:
    """JSON as the engine reads it."""
    return _ENCODER.encode(document)


# `json.dumps` would make one for each call.
_ENCODER = json.JSONEncoder(ensure_ascii=False, allow_nan=False, separators=(",", ":"))
