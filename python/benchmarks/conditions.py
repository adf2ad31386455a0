"""On what a run was made."""

from __future__ import annotations

import datetime
import os
import platform
import re
import shutil
import subprocess
from importlib import metadata
from pathlib import Path
from typing import Any

from .places import PROJECT

PACKAGES = ["arcticdb", "polars", "pyarrow", "vortex-data", "pandas", "numpy"]


def conditions(quick: bool, server: str) -> dict[str, Any]:
    """The machine, the versions, and what else ran at the start."""
    return {
        "date": datetime.datetime.now(datetime.UTC).strftime("%Y-%m-%d %H:%M UTC"),
        "processor": _processor(),
        "cores": len(os.sched_getaffinity(0)),
        "memory_gib": round(os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30),
        "kernel": f"{platform.system()} {platform.release()}",
        "load_at_start": [round(value, 2) for value in os.getloadavg()],
        "rows": "a tenth" if quick else "all",
        "versions": {
            "sterna": _output("git", "-C", str(PROJECT), "describe", "--always", "--dirty"),
            "python": platform.python_version(),
            **{name: metadata.version(name) for name in PACKAGES},
            server: _server_version(server),
        },
    }


def sentence(found: dict[str, Any]) -> str:
    """For people."""
    versions = ", ".join(f"{name} {version}" for name, version in found["versions"].items())
    load = found["load_at_start"][0]
    return (
        f"{found['date']}; {found['processor']}, {found['cores']} cores, {found['memory_gib']} GiB; "
        f"{found['kernel']}; load {load} at the start; {found['rows']} rows; {versions}."
    )


def _processor() -> str:
    match = re.search(r"^model name\s*: (.*)$", Path("/proc/cpuinfo").read_text(), re.MULTILINE)
    return match[1] if match else platform.machine()


def _server_version(server: str) -> str:
    if server == "ceph" and shutil.which("radosgw"):
        match = re.search(r"version (\S+)", _output("radosgw", "--version"))
        return match[1] if match else "unknown"
    return "pinned by scripts/lib/python-requirements.txt"


def _output(*command: str) -> str:
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, check=False)
    return done.stdout.strip() or "unknown"
