"""Columns of the engine for Polars and pyarrow."""

from __future__ import annotations

from typing import Any

from . import _types
from .exceptions import ArcticInvalidApiUsageException
from .options import ArrowOutputStringFormat, OutputFormat


def table(
    stream: _types.Stream, form: OutputFormat, string_format: Any = None, per_column: dict[str, Any] | None = None
) -> Any:
    """A Polars frame or Arrow table; texts in another form where one is asked for."""
    formats = {name: ArrowOutputStringFormat.resolve(each) for name, each in (per_column or {}).items()}
    default = None if string_format is None else ArrowOutputStringFormat.resolve(string_format)
    if form is OutputFormat.POLARS:
        import polars

        frame = polars.DataFrame(ArrowStream(stream))
        return _polars_texts(frame, default, formats) if default or formats else frame
    import pyarrow

    arrow = pyarrow.table(ArrowStream(stream))
    return _arrow_texts(arrow, default, formats) if default or formats else arrow


def _polars_texts(
    frame: Any, default: ArrowOutputStringFormat | None, formats: dict[str, ArrowOutputStringFormat]
) -> Any:
    import polars

    types = {
        ArrowOutputStringFormat.CATEGORICAL: polars.Categorical,
        ArrowOutputStringFormat.LARGE_STRING: polars.String,
    }
    chosen = {}
    for name, dtype in frame.schema.items():
        wanted = formats.get(name, default)
        if dtype in (polars.String, polars.Categorical) and wanted is not None:
            if wanted not in types:
                raise ArcticInvalidApiUsageException(
                    f"Polars has no texts of the form {wanted.name}. Use LARGE_STRING."
                )
            chosen[name] = types[wanted]
    return frame.cast(chosen)


def _arrow_texts(
    arrow: Any, default: ArrowOutputStringFormat | None, formats: dict[str, ArrowOutputStringFormat]
) -> Any:
    import pyarrow

    for position, field in enumerate(arrow.schema):
        wanted = formats.get(field.name, default)
        plain = field.type.value_type if pyarrow.types.is_dictionary(field.type) else field.type
        if wanted is None or not (pyarrow.types.is_large_string(plain) or pyarrow.types.is_string(plain)):
            continue
        texts = arrow.column(position).cast(
            pyarrow.string() if wanted is ArrowOutputStringFormat.SMALL_STRING else pyarrow.large_string()
        )
        if wanted is ArrowOutputStringFormat.CATEGORICAL:
            texts = texts.dictionary_encode().unify_dictionaries()
        arrow = arrow.set_column(position, field.name, texts)
    return arrow


class ArrowStream:
    """Columns for any library that speaks Arrow's PyCapsule interface. Can be consumed once."""

    def __init__(self, stream: _types.Stream) -> None:
        self._stream: _types.Stream | None = stream

    def __arrow_c_stream__(self, requested_schema: object | None = None) -> _types.Stream:
        """Gives the stream away."""
        stream, self._stream = self._stream, None
        if stream is None:
            raise ValueError("this stream was consumed before: read or scan again.")
        return stream
