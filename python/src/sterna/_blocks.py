"""Frames made of matrices: columns of one type that lie side by side in the engine's memory.

pandas keeps columns of a type in one matrix, a block. A frame of 500 single columns works, but pandas copies it
together sooner or later, and warns. Here the blocks are views on the engine's memory.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd

from . import _columns, _engine, _types
from ._layout import Layout

# Fewer columns of a type are not worth a matrix.
_COLUMN_COUNT_MIN = 2

Block = tuple[Any, list[int]]


def matrices(columns: Sequence[tuple[str, _types.Column]], layout: Layout) -> tuple[list[Block], list[int]]:
    """Blocks of two dimensions with the positions of their columns, and the positions of all other columns."""
    marks = layout.get("types", {})
    groups: dict[str, list[int]] = {}
    for position, (name, column) in enumerate(columns):
        _, form, length, offset, null_count, _, _, _, dictionary = column
        # The codes of texts are no numbers.
        is_number = form in _columns.NUMBER_FORMATS and dictionary is None
        if is_number and length and not (null_count or offset or name in marks):
            groups.setdefault(form, []).append(position)
    blocks: list[Block] = []
    for form, positions in groups.items():
        buffers = tuple(
            buffer for position in positions if isinstance(buffer := columns[position][1][6], _engine.Buffer)
        )
        joined = _engine.join_buffers(buffers) if len(buffers) >= _COLUMN_COUNT_MIN else None
        if joined is not None and len(buffers) == len(positions):
            values = np.frombuffer(memoryview(joined), dtype=_columns.dtype_of(form))
            blocks.append((values.reshape(len(positions), -1), positions))
    taken = {position for _, positions in blocks for position in positions}
    return blocks, [position for position in range(len(columns)) if position not in taken]


def frame(blocks: list[Block], index: pd.Index[Any], labels: pd.Index[Any]) -> pd.DataFrame | None:
    """The frame of blocks; None where this pandas cannot make one of them."""
    shaped = [(_two_dimensional(values), np.array(positions, dtype=np.intp)) for values, positions in blocks]
    internals = getattr(pd.api, "internals", None)
    if internals is not None:
        return internals.create_dataframe_from_blocks(shaped, index=index, columns=labels)
    try:
        from pandas.core.internals import BlockManager, make_block

        made = tuple(make_block(values, placement=positions, ndim=2) for values, positions in shaped)
        manager = BlockManager(made, [labels, index], verify_integrity=False)
        return pd.DataFrame._from_mgr(manager, axes=manager.axes)
    except (ImportError, AttributeError):
        return None


def _two_dimensional(values: Any) -> Any:
    is_flat = isinstance(values, np.ndarray) and values.ndim == 1
    return values.reshape(1, -1) if is_flat else values
