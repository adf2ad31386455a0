"""Programs of their own: how they end, and what they leave behind, is theirs."""

from __future__ import annotations

import subprocess
import sys

# What each program begins with: a store in a folder, and rows enough that a call takes some milliseconds.
BEGINNING = """
import faulthandler, gc, os, random, signal, sys, threading, time
faulthandler.dump_traceback_later(200, exit=True)
import numpy as np, pandas as pd, sterna
store = sterna.Store(sys.argv[1])
library = store.get_library("library", create_if_missing=True)
times = pd.date_range("2020", periods=60_000, freq="s", name="time")
table = pd.DataFrame({"x": np.arange(60_000), "s": np.arange(60_000).astype(str)}, index=times)
def readable(symbol):
    return library.read(symbol).data
"""


def run(program, *arguments, timeout=240, code=0):
    """Runs a program behind the beginning; its argument is the place of the store."""
    return run_alone(BEGINNING + program, *arguments, timeout=timeout, code=code)


def run_alone(program, *arguments, timeout=240, code=0):
    """Runs a program that must end with a code."""
    done = subprocess.run(
        [sys.executable, "-X", "faulthandler", "-c", program, *map(str, arguments)],
        capture_output=True, text=True, timeout=timeout,
    )  # fmt: skip
    assert done.returncode == code, (done.returncode, done.stdout[-2000:], done.stderr[-4000:])
    return done
