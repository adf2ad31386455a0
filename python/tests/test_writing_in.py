"""How data gets in: texts by the address of their objects, columns across their memory, memory that is used."""

from __future__ import annotations

import subprocess
import sys

import numpy as np
import pandas as pd
import pytest
from frames import same

from sterna import _engine, exceptions


def texts(count, distinct, *missing):
    random = np.random.default_rng(count)
    values = np.array([f"text {number}" for number in range(distinct)], dtype=object)[
        random.integers(0, distinct, count)
    ]
    for number, value in enumerate(missing):
        values[number :: 7 + number] = value
    return values


@pytest.mark.parametrize("missing", [(), (None,), (np.nan,), (pd.NA,), (pd.NaT,)])
@pytest.mark.parametrize(("count", "distinct"), [(1, 1), (9, 3), (5000, 4), (5000, 900), (20_000, 20_000)])
def test_repeated_texts_come_back(library, count, distinct, missing):
    frame = pd.DataFrame({"t": texts(count, distinct, *missing)})
    library.write("symbol", frame)
    same(library.read("symbol").data, frame)


def test_equal_texts_in_different_objects_are_one_text(library):
    values = np.array(["".join(["ab", str(number % 3)]) for number in range(3000)], dtype=object)
    frame = pd.DataFrame({"t": values})
    library.write("symbol", frame)
    library.append("symbol", frame.set_index(pd.RangeIndex(3000, 6000)))
    same(library.read("symbol").data, pd.concat([frame, frame], ignore_index=True))


def test_codes_are_given_only_where_objects_repeat():
    few, many = texts(10_000, 5), texts(10_000, 10_000)
    coded = _engine.encode_codes(few, pd.NA, pd.NaT)
    assert coded is not None and coded[2] == 0 and coded[7][2] == 5
    assert _engine.encode_codes(many, pd.NA, pd.NaT) is None
    assert _engine.encode_codes(np.array([1, "a"], dtype=object), pd.NA, pd.NaT) is None
    # More than half of them missing: NaN is another object each time.
    gaps = np.array(["a" if number % 3 == 0 else float("nan") for number in range(90)], dtype=object)
    coded = _engine.encode_codes(gaps, pd.NA, pd.NaT)
    assert coded is not None and coded[2:7] == (60, 0, 1, 0, 0) and coded[7][2] == 1
    assert set(np.frombuffer(coded[0], np.int32)) == {0}


def test_a_text_that_is_no_text_is_refused(library):
    with pytest.raises(exceptions.NormalizationException, match="lone surrogate"):
        library.write("symbol", pd.DataFrame({"t": pd.Series(["\ud800"] * 50, dtype=object)}))


@pytest.mark.parametrize("dtype", ["int8", "uint16", "float32", "int64", "float64", "bool", "datetime64[ns]"])
@pytest.mark.parametrize("order", ["C", "F"])
@pytest.mark.parametrize("step", [1, 3, -1])
def test_columns_may_lie_anywhere(library, dtype, order, step):
    table = np.asarray(np.arange(1200).reshape(300, 4) % 101, dtype=dtype, order=order)[::step]
    frame = pd.DataFrame(table, columns=list("abcd"))
    library.write("symbol", frame)
    same(library.read("symbol").data, frame)
    library.write("symbol", frame["b"])
    assert library.read("symbol").data.tolist() == frame["b"].tolist()


def test_large_tables_are_gathered_whole(library):
    table = np.random.default_rng(1).integers(0, 100, (60_000, 20))
    frame = pd.DataFrame(table, columns=[f"c{number}" for number in range(20)])
    frame.insert(3, "t", texts(60_000, 4))
    library.write("symbol", frame)
    same(library.read("symbol").data, frame)


PEAK = """
import resource, sys
import numpy as np, pandas as pd, sterna
rows = 4_000_000
frame = pd.DataFrame({"x": np.random.default_rng(1).random(rows), "n": np.arange(rows)})
library = sterna.Store(sys.argv[1]).create_library("library")
library.write("warm", frame.head(1_000_000))
peak = lambda: resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
before = peak()
library.write("symbol", frame)
print((peak() - before) // 1024)
"""


def test_a_write_needs_memory_for_a_few_segments_only(tmp_path):
    program = subprocess.run(
        [sys.executable, "-c", PEAK, str(tmp_path / "store")], capture_output=True, text=True, check=True, timeout=300
    )
    # The frame has 61 MiB; another copy of it would show.
    assert int(program.stdout) < 40
