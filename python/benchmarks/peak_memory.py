"""How much memory a full read takes at its peak, as a multiple of the result; each read in a process of its own.

    python benchmarks/peak_memory.py [ROWS]

The ratio is (peak while reading - before) / (bytes of the result). Texts are Python objects in pandas; those are
counted once for each distinct one. Some 15 MB are the process's own, whatever the result.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

import sterna

LIMIT = 1.3


def shapes(rows: int) -> dict[str, pd.DataFrame]:
    """Numbers that pack well, numbers that do not, few texts, many texts, many columns."""
    random = np.random.default_rng(5)
    times = pd.date_range("2020-01-01", periods=rows, freq="s", name="time")
    walk = np.round(100 + np.cumsum(random.integers(-2, 3, rows) * 0.01), 2)
    ids = np.array([f"user-{number:07}" for number in range(rows // 5)], dtype=object)
    wide = {f"c{number}": walk[: rows // 50] + number for number in range(250)}
    return {
        "bars": pd.DataFrame({f"c{number}": np.round(walk + number, 2) for number in range(8)}, index=times),
        "noise": pd.DataFrame({f"c{number}": random.random(rows) for number in range(4)}, index=times),
        "trades": pd.DataFrame(
            {"price": walk, "venue": random.choice(np.array(list("PQNTZ"), dtype=object), rows)}, index=times
        ),
        "ids": pd.DataFrame({"id": random.choice(ids, rows), "price": walk, "size": random.random(rows)}, index=times),
        "wide": pd.DataFrame(wide, index=times[: rows // 50]),
    }


def status(field: str) -> int:
    """Bytes of this process: VmRSS, or its peak VmHWM."""
    lines = Path("/proc/self/status").read_text(encoding="ascii").splitlines()
    return next(int(line.split()[1]) * 1024 for line in lines if line.startswith(field))


def result_size(data: Any, output_format: str) -> int:
    """Bytes of what was read."""
    if output_format == "pyarrow":
        return int(data.nbytes)
    size = int(data.memory_usage(deep=False).sum())
    for name in data.columns:
        if data[name].dtype == object:
            size += sum(sys.getsizeof(text) for text in {id(text): text for text in data[name]}.values())
    return size


def measure(uri: str, name: str, output_format: str) -> None:
    """Reads one symbol in this process and prints the ratio."""
    library = sterna.Store(uri).get_library("library")
    library.read("small", output_format=output_format)
    before = status("VmRSS:")
    Path("/proc/self/clear_refs").write_text("5", encoding="ascii")
    data = library.read(name, output_format=output_format).data
    peak = status("VmHWM:")
    size = result_size(data, output_format)
    print(f"{(peak - before) / size:.3f} {size / 1e6:.1f}")


def main() -> int:
    """Writes the shapes, reads each in a process of its own; 1 when one takes more than allowed."""
    rows = int(sys.argv[1]) if len(sys.argv) > 1 else 5_000_000
    worst = 0.0
    with tempfile.TemporaryDirectory() as folder:
        library = sterna.Store(folder).create_library("library")
        for name, frame in (made := shapes(rows)).items():
            library.write(name, frame)
            if name == "trades":
                library.write("small", frame[:100])
        for name in made:
            for output_format in ("pandas", "pyarrow"):
                command = [sys.executable, __file__, "--measure", folder, name, output_format]
                answer = subprocess.run(command, check=True, capture_output=True, text=True).stdout.split()
                ratio, size = map(float, answer)
                worst = max(worst, ratio)
                print(f"{name:8} {output_format:8} result {size:8.1f} MB   peak {ratio:5.2f} x", flush=True)
    print(f"worst {worst:.2f} x, allowed {LIMIT} x")
    return 0 if worst <= LIMIT else 1


if __name__ == "__main__":
    if sys.argv[1:2] == ["--measure"]:
        measure(*sys.argv[2:])
    else:
        sys.exit(main())
