"""The peak memory of a whole read or write, in a process of its own.

`python -m benchmarks.memory` takes a task as JSON on its input, and gives a result as JSON on its output.
"""

from __future__ import annotations

import gc
import json
import re
import subprocess
import sys
from collections.abc import Callable
from dataclasses import asdict
from functools import partial
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.ipc

from .places import Place
from .results import Memory
from .systems import ARROW


def measure(shape: str, table: pa.Table, place: Place, systems: list[str], spool: Path) -> list[Memory]:
    """Writes the shape and reads it, a process each."""
    with pa.OSFile(str(spool), "wb") as file, pa.ipc.new_file(file, table.schema) as writer:
        writer.write_table(table)
    found = []
    for system in systems:
        for operation in ("write", "read"):
            task = {
                "system": system, "operation": operation, "place": asdict(place.below(f"{system.lower()}-memory")),
                "spool": str(spool),
            }  # fmt: skip
            done = subprocess.run(
                [sys.executable, "-m", "benchmarks.memory"], input=json.dumps(task), stdout=subprocess.PIPE, text=True,
                check=True, timeout=300, cwd=Path(__file__).parents[1],
            )  # fmt: skip
            found.append(Memory(shape, system, operation, **json.loads(done.stdout)))
    spool.unlink()
    return found


def _kibibytes(name: str) -> int:
    status = Path("/proc/self/status").read_text()
    match = re.search(rf"^{name}:\s+(\d+) kB", status, re.MULTILINE)
    if match is None:
        raise RuntimeError(f"/proc/self/status has no {name}")
    return int(match[1])


def _run(task: dict[str, Any]) -> dict[str, int]:
    system = ARROW[task["system"]]()
    system.open(Place(**task["place"]))
    with pa.OSFile(task["spool"], "rb") as file:
        table = pa.ipc.open_file(file).read_all()
    data_bytes = table.nbytes
    small = system.prepare(table.slice(0, 100).combine_chunks())
    if task["operation"] == "write":
        system.write("warm-up", small)
        data = system.prepare(table)
        action: Callable[[], Any] = partial(system.write, "symbol", data)
    else:
        action = partial(system.read, "symbol")
        del table
        system.write("warm-up-read", small)
        system.read("warm-up-read")
    gc.collect()
    pa.default_memory_pool().release_unused()
    # The high-water mark begins again.
    Path("/proc/self/clear_refs").write_text("5")
    before = _kibibytes("VmRSS")
    result = action()
    extra = _kibibytes("VmHWM") - before
    if task["operation"] == "read":
        # Systems give texts back as types of different size.
        data_bytes = system.table(result).nbytes
    return {"data_bytes": data_bytes, "extra_bytes": extra * 1024}


if __name__ == "__main__":
    print(json.dumps(_run(json.load(sys.stdin))))
