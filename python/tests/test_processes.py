"""Forks, interpreters, modules imported anew, and memory that runs out."""

from __future__ import annotations

import os
import subprocess
import sys

import numpy as np
import pytest
from programs import run_alone

from sterna import _engine


def test_a_module_that_is_imported_anew_knows_the_buffers_of_the_first():
    run_alone("""
import sys, numpy as np
import sterna
library = sterna.Store("memory://again").create_library("library")
library.write("symbol", np.arange(1000))
kept = library.read("symbol").data
for name in [name for name in sys.modules if name.partition(".")[0] == "sterna"]:
    del sys.modules[name]
import sterna as again
assert again is not sterna
assert again.Store("memory://again")["library"].read("symbol").data.sum() == kept.sum()
assert library.read("symbol").data.sum() == kept.sum()
""")


def test_subinterpreters_are_refused_and_the_main_one_goes_on():
    run_alone("""
import sys, numpy as np
import sterna
try:
    import _xxsubinterpreters as interpreters
except ImportError:
    try:
        import _interpreters as interpreters
    except ImportError:
        sys.exit(0)
library = sterna.Store("memory://main").create_library("library")
library.write("symbol", np.arange(1000))
number = interpreters.create()
lines = [
    "try:", " import sterna._engine", "except ImportError as error:", " assert 'main interpreter' in str(error), error",
    "else:", " raise AssertionError",
]
try:
    failed = interpreters.run_string(number, "\\n".join(lines))
except ImportError:
    failed = None
assert not failed, failed
interpreters.destroy(number)
assert library.read("symbol").data.sum() == 499500
""")


def test_a_forked_child_drops_what_its_parent_was_reading(tmp_path):
    """Children are made while many threads read; each lets go of all that it inherited."""
    run_alone(
        """
import gc, os, sys, threading, time
import numpy as np, pandas as pd, sterna
store = sterna.Store(sys.argv[1])
library = store.create_library("library")
library.write("symbol", np.arange(400_000))
library.write("texts", pd.DataFrame({"s": [f"text {row}" for row in range(100_000)]}))
kept = [library.read(name).data for name in ("symbol", "texts") * 3]
streams = [sterna.scan(library, "symbol").__arrow_c_stream__() for _ in range(3)]
is_over = False

def read():
    while not is_over:
        library.read("symbol").data.sum()
        library.read("texts")

threads = [threading.Thread(target=read) for _ in range(4)]
for thread in threads:
    thread.start()
for _ in range(30):
    child = os.fork()
    if child == 0:
        try:
            kept.clear()
            streams.clear()
            gc.collect()
            good = library.read("symbol").data.sum() == 399_999 * 200_000
        except BaseException as error:
            os.write(2, repr(error).encode())
            good = False
        os._exit(0 if good else 1)
    for _ in range(600):
        done, status = os.waitpid(child, os.WNOHANG)
        if done:
            break
        time.sleep(0.05)
    else:
        os.kill(child, 9)
        os._exit(3)
    assert status == 0, status
is_over = True
for thread in threads:
    thread.join()
assert len(kept) == 6
""",
        str(tmp_path / "store"),
        timeout=300,
    )


def test_a_stream_of_the_parent_is_refused_in_a_child(library):
    library.write("symbol", np.arange(10))
    stream = library._handle.call("library_read", "symbol").stream
    child = os.fork()
    if child == 0:
        code = 1
        try:
            _engine.take_columns(stream)
        except RuntimeError as error:
            code = 0 if "forked" in str(error) else 2
        finally:
            os._exit(code)
    assert os.waitpid(child, 0)[1] == 0
    assert len(_engine.take_columns(stream)[1]) == 1


def test_memory_that_runs_out_at_any_allocation_is_an_error():
    """Each allocation of Python's in turn fails, in each function of the extension: nothing is lost or freed twice."""
    pytest.importorskip("_testcapi")
    run_alone("""
import gc, _testcapi
import numpy as np, pandas as pd, sterna
from sterna import _engine
library = sterna.Store("memory://failing").create_library("library")
words = [f"text {row % 7}" for row in range(300)]
table = pd.DataFrame({"x": np.arange(300), "s": words, "t": np.arange(300).astype(str)})
library.write("symbol", table)
texts = table["t"].to_numpy()
handle = library._handle.get()

def stream():
    return _engine.call("library_read", handle, "symbol", None, None)[2]

column = ("x", "l", False, 300, 0, 0, (None, np.arange(300), None), None)
cases = {
    "call": lambda given: _engine.call("library_read", handle, "symbol", None, None),
    "error": lambda given: _engine.call("library_read", handle, "nothing", None, None),
    "write": lambda given: _engine.call("library_write", handle, "other", None, given),
    "take_columns": lambda given: _engine.take_columns(given),
    "make_stream": lambda given: _engine.make_stream([column, column], 300),
    "encode_texts": lambda given: _engine.encode_texts(texts, False, pd.NA, pd.NaT),
    "encode_codes": lambda given: _engine.encode_codes(texts, pd.NA, pd.NaT),
    "read": lambda given: library.read("symbol"),
}
arrays = _engine.live_arrays()
failures = 0
for name, case in cases.items():
    for number in range(150):
        given = stream()
        try:
            _testcapi.set_nomemory(number, number + 1)
            try:
                case(given)
            finally:
                _testcapi.remove_mem_hooks()
        except (MemoryError, sterna.SternaException):
            failures += 1
        except Exception as error:
            # What failed may have been the making of another error's message.
            assert "memory" in str(error).lower() or name in ("read", "error"), (name, number, repr(error))
        del given
    gc.collect()
    # Python itself loses the arguments of a call for which it finds no memory: "read" calls many functions of Python's.
    assert name == "read" or _engine.live_arrays() == arrays, name
assert failures > 100, failures
assert len(library.read("symbol").data) == 300
""")


@pytest.mark.parametrize("method", ["fork", "spawn"])
def test_children_work_with_the_handles_they_inherit(tmp_path, method):
    program = f"""
import multiprocessing, sys
import pandas as pd, sterna

def work(library_store):
    library = library_store["library"]
    return library.read("symbol").data["x"].sum()

if __name__ == "__main__":
    store = sterna.Store({str(tmp_path / "store")!r})
    library = store.create_library("library")
    library.write("symbol", pd.DataFrame({{"x": [1, 2, 3]}}))
    with multiprocessing.get_context({method!r}).Pool(2) as pool:
        results = pool.map(work, [store] * 4)
    library.write("symbol", pd.DataFrame({{"x": [4]}}))
    sys.exit(0 if results == [6] * 4 and library.read("symbol").version == 1 else 1)
"""
    path = tmp_path / "program.py"
    path.write_text(program)
    done = subprocess.run([sys.executable, str(path)], capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, (done.stdout, done.stderr)
