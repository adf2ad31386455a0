"""Uses an installed wheel: a frame in, a frame out, in this process and in a forked one."""

import os
import shutil
import sys
import time

assert shutil.which("swift") is None, "Swift is on the PATH, so this proves nothing"
began = time.perf_counter(), time.process_time()
import sterna  # noqa: E402

wall_milliseconds, processor_milliseconds = (
    (now - before) * 1000 for now, before in zip((time.perf_counter(), time.process_time()), began, strict=True)
)
# What takes long to import waits until it is needed; the time itself says too little on a busy machine.
for name in ("pandas", "numpy", "pyarrow", "polars", "logging", "asyncio", "concurrent.futures", "tqdm", "random"):
    assert name not in sys.modules, f"import sterna imports {name}"
import tempfile  # noqa: E402

import pandas as pd  # noqa: E402


def use(folder: str, symbol: str) -> None:
    """Writes and reads back."""
    library = sterna.Store(folder).get_library("library", create_if_missing=True)
    frame = pd.DataFrame({"price": [1.5, 2.5], "text": ["a", None]}, index=pd.date_range("2020", periods=2, name="t"))
    library.write(symbol, frame)
    pd.testing.assert_frame_equal(library.read(symbol).data, frame, check_freq=False)


with tempfile.TemporaryDirectory() as folder:
    use(folder, "parent")
    child = os.fork()
    if child == 0:
        try:
            use(folder, "child")
        except BaseException as error:
            print(f"the forked child failed: {error!r}", file=sys.stderr)
            os._exit(1)
        os._exit(0)
    assert os.waitpid(child, 0)[1] == 0
print(
    f"the wheel works; import sterna took {wall_milliseconds:.0f} ms, {processor_milliseconds:.0f} ms of a processor "
    "(wanted: under 50 ms)"
)
