"""Objects of any kind, pickled: only where both the writer and the reader ask for it."""

from __future__ import annotations

from typing import Any

from . import _engine, _types
from ._prepare import Prepared
from .exceptions import PickleNotAllowedException

# The bytes of a row; a large pickle is cut into several.
_PIECE = 8 << 20


def prepare(data: Any) -> Prepared:
    """Pickles an object into rows of bytes."""
    import pickle

    import numpy as np

    from . import _columns

    stored = pickle.dumps(data, protocol=5)
    pieces = [stored[start : start + _PIECE] for start in range(0, len(stored), _PIECE)]
    objects = np.empty(len(pieces), dtype=object)
    objects[:] = pieces
    column = _columns.text_column("pickle", _engine.encode_texts(objects, True, None, None), len(pieces), True)
    return Prepared([column], None, {"kind": "pickle"}, len(pieces))


def load(stream: _types.Stream, symbol: str, is_allowed: bool) -> Any:
    """The object; nothing is unpickled unless that is allowed."""
    if not is_allowed:
        raise PickleNotAllowedException(
            f"symbol {symbol!r} is a pickle, which runs whatever code its writer put there. If you trust everyone who "
            "can write to this store, read it with allow_pickle=True."
        )
    import pickle

    from . import _columns

    pieces = [_columns.objects(columns[0]) for _, columns in _engine.take_columns(stream)[1]]
    return pickle.loads(b"".join(piece for part in pieces for piece in part))
