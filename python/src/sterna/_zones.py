"""Time zones by names that every reader knows: of the IANA, or offsets as Arrow writes them."""

from __future__ import annotations

import datetime
from typing import Any


def zone_name(zone: Any) -> str | None:
    """`Europe/Berlin`, `UTC` or `+05:30`; None for a zone that has no such name.

    >>> zone_name(datetime.timezone(datetime.timedelta(hours=-3, minutes=-30)))
    '-03:30'
    >>> zone_name(datetime.timezone(datetime.timedelta(seconds=1))) is None
    True
    """
    # zoneinfo has keys, pytz has zones, dateutil the path of a file.
    for attribute in ("key", "zone"):
        name = getattr(zone, attribute, None)
        if isinstance(name, str):
            return name
    _, found, name = str(getattr(zone, "_filename", "")).partition("zoneinfo/")
    if found:
        return name
    return _offset_name(zone.utcoffset(None))


def _offset_name(offset: datetime.timedelta | None) -> str | None:
    if offset is None or offset % datetime.timedelta(minutes=1):
        return None
    minutes = offset // datetime.timedelta(minutes=1)
    if minutes == 0:
        return "UTC"
    return f"{'-' if minutes < 0 else '+'}{abs(minutes) // 60:02}:{abs(minutes) % 60:02}"
