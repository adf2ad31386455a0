"""User metadata as JSON and back.

What JSON has stays as it is. Everything else becomes an object whose member `$` says what it is, so that readers in
other languages can make sense of it. Arbitrary objects are refused: unpickling what a bucket holds runs whatever code
its writer put there.
"""

from __future__ import annotations

import base64
import datetime
import math
from collections.abc import Callable
from typing import Any

from ._zones import zone_name
from .exceptions import MetadataNotSupported

_TAG = "$"
_INT64 = range(-(2**63), 2**63)


def encode(value: Any) -> Any:
    """A value as what `json.dumps` takes."""
    try:
        return _encoded(value)
    except RecursionError:
        raise MetadataNotSupported("metadata holds itself, or is nested too deep to be stored.") from None


def _encoded(value: Any) -> Any:
    if value is None or isinstance(value, bool | str):
        return value
    if isinstance(value, int):
        # Of any subclass, in which a range would be searched number by number.
        number = int(value)
        return number if number in _INT64 else {_TAG: "int", "value": str(number)}
    if isinstance(value, float):
        return value if math.isfinite(value) else {_TAG: "float", "value": repr(value)}
    if isinstance(value, list):
        return [_encoded(element) for element in value]
    if isinstance(value, dict):
        return _encode_dict(value)
    return _encode_special(value)


def decode(value: Any) -> Any:
    """The value that was encoded."""
    if isinstance(value, list):
        return [decode(element) for element in value]
    if not isinstance(value, dict):
        return value
    kind = value.get(_TAG)
    if kind is None:
        return {key: decode(element) for key, element in value.items()}
    if kind not in _DECODERS:
        raise MetadataNotSupported(f"metadata of kind {kind!r} was written by a newer version of sterna")
    return _DECODERS[kind](value)


def _encode_dict(value: dict[Any, Any]) -> Any:
    if _TAG not in value and all(isinstance(key, str) for key in value):
        return {key: _encoded(element) for key, element in value.items()}
    return {_TAG: "dict", "items": [[_encoded(key), _encoded(element)] for key, element in value.items()]}


def _encode_special(value: Any) -> Any:
    if isinstance(value, tuple):
        return {_TAG: "tuple", "items": [_encoded(element) for element in value]}
    if isinstance(value, set | frozenset):
        return {_TAG: type(value).__name__, "items": [_encoded(element) for element in value]}
    if isinstance(value, bytes):
        return {_TAG: "bytes", "value": base64.b64encode(value).decode()}
    name = type(value).__module__.partition(".")[0] + "." + type(value).__name__
    if name in ("pandas.Timestamp", "pandas.Timedelta"):
        tagged = {_TAG: name, "value": int(value.asm8.view("i8"))}
        if value.unit != "ns":
            tagged["unit"] = value.unit
        zone = getattr(value, "tz", None)
        return tagged if zone is None else tagged | {"zone": _zone(zone)}
    if name == "pandas.NaTType":
        return {_TAG: "pandas.NaT"}
    if name == "pandas.NAType":
        return {_TAG: "pandas.NA"}
    if isinstance(value, datetime.datetime):
        tagged = {_TAG: "datetime", "value": value.isoformat()}
        is_fixed = value.tzinfo is None or isinstance(value.tzinfo, datetime.timezone)
        return tagged if is_fixed else tagged | {"zone": _zone(value.tzinfo)}
    if isinstance(value, datetime.date):
        return {_TAG: "date", "value": value.isoformat()}
    if isinstance(value, datetime.time):
        return {_TAG: "time", "value": value.isoformat()}
    if isinstance(value, datetime.timedelta):
        return {_TAG: "timedelta", "value": [value.days, value.seconds, value.microseconds]}
    if name.startswith("numpy.") and hasattr(value, "item") and getattr(value, "ndim", None) == 0:
        return {_TAG: "numpy", "type": value.dtype.str, "value": base64.b64encode(value.tobytes()).decode()}
    if name == "numpy.ndarray" and not value.dtype.hasobject:
        data = base64.b64encode(value.tobytes()).decode()
        return {_TAG: "array", "type": value.dtype.str, "shape": list(value.shape), "value": data}
    raise MetadataNotSupported(
        f"metadata of type {type(value).__qualname__} cannot be stored. "
        "Use None, numbers, texts, bytes, dates and times, and lists, tuples, sets and dicts of them."
    )


def _zone(zone: Any) -> str:
    name = zone_name(zone)
    if name is None:
        raise MetadataNotSupported(
            f"metadata holds an instant in {zone!r}, a time zone that has no name. Convert it to UTC, for example."
        )
    return name


def _datetime(value: dict[str, Any]) -> datetime.datetime:
    instant = datetime.datetime.fromisoformat(value["value"])
    zone = value.get("zone", "UTC")
    if "zone" not in value or zone[:1] in "+-":
        return instant
    import zoneinfo

    try:
        return instant.astimezone(zoneinfo.ZoneInfo(zone))
    except zoneinfo.ZoneInfoNotFoundError:
        # The same instant, with its offset.
        return instant


def _pandas(value: dict[str, Any]) -> Any:
    import numpy
    import pandas

    kind = value[_TAG].removeprefix("pandas.")
    if kind in ("NaT", "NA"):
        return getattr(pandas, kind)
    unit = value.get("unit", "ns")
    if kind == "Timedelta":
        return pandas.Timedelta(numpy.timedelta64(value["value"], unit))
    instant = pandas.Timestamp(numpy.datetime64(value["value"], unit))
    return instant.tz_localize("UTC").tz_convert(value["zone"]) if "zone" in value else instant


def _numpy(value: dict[str, Any]) -> Any:
    import numpy

    array = numpy.frombuffer(base64.b64decode(value["value"]), dtype=numpy.dtype(value["type"]))
    return array.reshape(value["shape"]).copy() if "shape" in value else array[0]


_DECODERS: dict[str, Callable[[dict[str, Any]], Any]] = {
    "int": lambda value: int(value["value"]),
    "float": lambda value: float(value["value"]),
    "dict": lambda value: {decode(key): decode(element) for key, element in value["items"]},
    "tuple": lambda value: tuple(decode(element) for element in value["items"]),
    "set": lambda value: {decode(element) for element in value["items"]},
    "frozenset": lambda value: frozenset(decode(element) for element in value["items"]),
    "bytes": lambda value: base64.b64decode(value["value"]),
    "datetime": _datetime,
    "date": lambda value: datetime.date.fromisoformat(value["value"]),
    "time": lambda value: datetime.time.fromisoformat(value["value"]),
    "timedelta": lambda value: datetime.timedelta(*value["value"]),
    "pandas.Timestamp": _pandas,
    "pandas.Timedelta": _pandas,
    "pandas.NaT": _pandas,
    "pandas.NA": _pandas,
    "numpy": _numpy,
    "array": _numpy,
}
