"""Times pandas in and out of Sterna, ArcticDB and Polars (Parquet) in one run, on folders of this machine.

    python benchmarks/against_arcticdb.py [ROWS]

Each time is the best of several that alternate between the systems, so that a busy machine slows all of them alike.
"""

from __future__ import annotations

import shutil
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import arcticdb
import numpy as np
import pandas as pd
import polars as pl

import sterna

REPEATS = 5


def shapes(rows: int) -> dict[str, pd.DataFrame]:
    """Frames like those that people keep."""
    random = np.random.default_rng(7)
    times = pd.DatetimeIndex(1381138200 * 10**9 + np.cumsum(random.integers(1, 2 * 10**6, rows)), name="time")
    walk = np.round(167 + np.cumsum(random.normal(0, 0.01, rows)), 2)
    trades = {
        "price": walk,
        "size": random.integers(1, 50, rows) * 100,
        "exchange": random.choice(np.array(["P", "Q", "N", "T"], dtype=object), rows),
    }
    return {
        "trades": pd.DataFrame(trades, index=times),
        "bars": pd.DataFrame({f"c{n}": np.round(walk + n / 8, 2) for n in range(8)}, index=times),
        "noise": pd.DataFrame({f"c{n}": random.normal(size=rows) for n in range(4)}, index=times),
    }


def best(actions: dict[str, Callable[[], Any]]) -> dict[str, float]:
    """The shortest time of each in milliseconds."""
    times = dict.fromkeys(actions, float("inf"))
    for _ in range(REPEATS):
        for name, action in actions.items():
            began = time.perf_counter()
            action()
            times[name] = min(times[name], (time.perf_counter() - began) * 1000)
    return times


def report(what: str, times: dict[str, float]) -> None:
    """One line: the times, and how many times as fast Sterna is."""
    ours = times["sterna"]
    others = "  ".join(
        f"{name} {value:8.1f} ms ({value / ours:5.2f} x)" for name, value in times.items() if name != "sterna"
    )
    print(f"{what:28} sterna {ours:8.1f} ms  {others}", flush=True)


def whole_frames(folder: Path, library: sterna.Library, arctic: Any, rows: int) -> None:
    """Writes and reads of everything."""
    for name, frame in shapes(rows).items():
        parquet = folder / f"{name}.parquet"
        plain = pl.from_pandas(frame, include_index=True)
        report(f"write {name}", best({
            "sterna": lambda: library.write(name, frame), "arcticdb": lambda: arctic.write(name, frame),
            "polars": lambda: plain.write_parquet(parquet),
        }))  # fmt: skip
        report(f"read {name}", best({
            "sterna": lambda: library.read(name).data, "arcticdb": lambda: arctic.read(name).data,
            "polars": lambda: pl.read_parquet(parquet),
        }))  # fmt: skip
        pd.testing.assert_frame_equal(library.read(name).data, arctic.read(name).data, check_freq=False)


def small_things(library: sterna.Library, arctic: Any) -> None:
    """A hundred rows, and a hundred appends of a thousand."""
    frame = shapes(100_000)["trades"]
    small = frame[:100]
    report("write 100 rows", best({
        "sterna": lambda: library.write("small", small), "arcticdb": lambda: arctic.write("small", small),
    }))  # fmt: skip
    report("read 100 rows", best({
        "sterna": lambda: library.read("small").data, "arcticdb": lambda: arctic.read("small").data,
    }))  # fmt: skip

    def appends(target: Any) -> None:
        target.write("appended", frame[:1000])
        for start in range(1000, 100_000, 1000):
            target.append("appended", frame[start : start + 1000])

    report("100 appends of 1,000 rows", best({"sterna": lambda: appends(library), "arcticdb": lambda: appends(arctic)}))


def threads(library: sterna.Library, rows: int) -> None:
    """Eight threads against one that does all of it."""
    frame = shapes(rows)["bars"]
    for number in range(8):
        library.write(f"thread{number}", frame)
    names = [f"thread{number}" for number in range(8)]

    def together() -> None:
        workers = [threading.Thread(target=library.read, args=(name,)) for name in names]
        for worker in workers:
            worker.start()
        for worker in workers:
            worker.join()

    times = best({"alone": lambda: [library.read(name) for name in names], "together": together})
    ratio = times["alone"] / times["together"]
    print(f"{'8 threads':28} one by one {times['alone']:.1f} ms, together {times['together']:.1f} ms ({ratio:.2f} x)")


def main() -> None:
    """Runs everything in temporary folders."""
    rows = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000
    folder = Path(tempfile.mkdtemp())
    try:
        library = sterna.Store(str(folder / "sterna")).create_library("library")
        arctic = arcticdb.Arctic(f"lmdb://{folder / 'arctic'}?map_size=8GB").create_library("library")
        print(f"{rows:,} rows; (n x): how many times as long as Sterna")
        whole_frames(folder, library, arctic, rows)
        small_things(library, arctic)
        threads(library, rows // 4)
    finally:
        shutil.rmtree(folder)


if __name__ == "__main__":
    main()
