"""The interpreter ends while calls run and results live."""

from __future__ import annotations

import pytest
from programs import run

ENDS = {
    "daemons that read": "keep(lambda: library.read('symbol'))",
    "daemons that write": "keep(lambda: library.write('mine', table))",
    "daemons that write texts of pyarrow": (
        "import pyarrow; frame = pyarrow.Table.from_pandas(table); keep(lambda: library.write('arrow', frame))"
    ),
    "results that live on": "kept = [library.read('symbol').data for _ in range(5)]; sys.kept = kept",
    "streams half read": (
        "import pyarrow; sys.kept = pyarrow.RecordBatchReader.from_stream(sterna.scan(library, 'symbol')); "
        "sys.kept.read_next_batch()"
    ),
    "a read at exit": "import atexit; atexit.register(lambda: library.read('symbol'))",
    "an object that reads when it dies": """
class Last:
    def __del__(self, library=library):
        try:
            library.read("symbol")
        except BaseException:
            pass
sys.kept = Last()
""",
    "os._exit": "keep(lambda: library.read('symbol')); os._exit(0)",
    "sys.exit in the midst": "keep(lambda: library.read('symbol')); sys.exit(0)",
}


@pytest.mark.parametrize("end", ENDS)
def test_the_interpreter_ends_in_the_midst(tmp_path, end):
    """Neither a crash nor a hang, however often."""
    program = """
if not library.has_symbol("symbol"):
    library.write("symbol", table)

def keep(call):
    def work():
        while True:
            call()
    for _ in range(3):
        threading.Thread(target=work, daemon=True).start()
    time.sleep(random.random() * 0.03)

"""
    for _ in range(6):
        run(program + ENDS[end], tmp_path / "store", timeout=60)
