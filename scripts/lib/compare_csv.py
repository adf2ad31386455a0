"""Compares two CSV files row by row and field by field as values; any difference fails.

usage: compare_csv.py SOURCE[.gz] RESULT

SOURCE is what was imported, RESULT what `sterna cat --format csv` printed. Same columns, same order, same rows, and:
- instants (2013-10-07T04:00:00.464000, with or without a zone Z) are the same nanosecond;
- fields with a point or an exponent in either file are the same 64-bit double, bit for bit;
- everything else, integers, text and nulls (an empty field), is the same text.
"""

import csv
import gzip
import itertools
import re
import struct
import sys
from datetime import datetime, timedelta

MOST_SHOWN = 10
INSTANT = re.compile(r"(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d:\d\d)(?:\.(\d{1,9}))?(Z|\+00:00)?\Z")
DECIMAL = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?\Z")


def open_text(path):
    opened = gzip.open(path, "rt", encoding="utf-8", newline="") if path.endswith(".gz") else None
    return opened or open(path, encoding="utf-8", newline="")


def nanoseconds(text):
    match = INSTANT.match(text)
    if not match:
        return None
    date, time, fraction, _ = match.groups()
    seconds = (datetime.fromisoformat(f"{date}T{time}") - datetime(1970, 1, 1)) // timedelta(seconds=1)
    return seconds * 1_000_000_000 + int((fraction or "").ljust(9, "0"))


def double_bits(text):
    return struct.pack("<d", float(text)) if DECIMAL.match(text) else None


def same(one, other):
    if one == other:
        return True
    if (instant := nanoseconds(one)) is not None:
        return instant == nanoseconds(other)
    # Without a point or an exponent both are integers or text, where `07` and `7` differ.
    if not re.search(r"[.eE]", one + other):
        return False
    bits = double_bits(one)
    return bits is not None and bits == double_bits(other)


def differences(source, result):
    header = next(source, None)
    if (found := next(result, None)) != header:
        yield f"columns: expected {header}, found {found}"
        return
    for number, (expected, found) in enumerate(itertools.zip_longest(source, result), 1):
        if expected is None or found is None:
            yield f"row {number}: only in the {'result' if expected is None else 'source'}"
        elif len(expected) != len(found):
            yield f"row {number}: {len(expected)} fields expected, {len(found)} found"
        else:
            for column, one, other in zip(header, expected, found):
                if not same(one, other):
                    yield f"row {number}, {column}: expected {one!r}, found {other!r}"


class Counting:
    """Passes rows on and counts them, and the empty fields among theirs."""

    def __init__(self, rows):
        self.rows, self.row_count, self.null_count = rows, -1, 0

    def __iter__(self):
        return self

    def __next__(self):
        row = next(self.rows)
        self.row_count += 1
        self.null_count += row.count("")
        return row


def main():
    source_path, result_path = sys.argv[1:]
    with open_text(source_path) as source_file, open_text(result_path) as result_file:
        source = Counting(csv.reader(source_file))
        found = list(itertools.islice(differences(source, csv.reader(result_file)), MOST_SHOWN))
    if found:
        print(f"DIFFERENT: {result_path} is not {source_path} (at most {MOST_SHOWN} differences shown):")
        print("\n".join(found))
        sys.exit(1)
    if source.row_count < 1:
        sys.exit(f"{source_path} has no rows: nothing was compared")
    print(f"equal: all {source.row_count:,} rows in every field, {source.null_count:,} nulls among them")


main()
