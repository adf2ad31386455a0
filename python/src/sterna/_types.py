"""What passes between Python and the engine."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeAlias

if TYPE_CHECKING:
    from ._engine import Buffer

Handle: TypeAlias = object
"""A capsule that owns a store or library of the engine."""
Stream: TypeAlias = object
"""A capsule that owns an Arrow C stream."""
Outcome: TypeAlias = tuple[str | None, Handle | None, Stream | None]
"""A call's JSON, handle and stream."""
Column: TypeAlias = (
    "tuple[str, str, int, int, int, Buffer | None, Buffer | None, Buffer | None, tuple[Any, ...] | None]"
)
"""Name, Arrow format, length, offset, null count, validity, values or offsets, data, dictionary."""
