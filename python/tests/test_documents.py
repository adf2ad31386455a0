"""The README's program works, and importing is quick."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path


def test_the_readme_runs():
    text = (Path(__file__).parent.parent / "README.md").read_text()
    programs = re.findall(r"```python\n(.*?)```", text, re.DOTALL)
    assert programs
    for program in programs:
        exec(compile(program, "README.md", "exec"), {})


def test_importing_loads_neither_pandas_nor_numpy():
    program = (
        "import sys, sterna; print([name for name in ('pandas', 'numpy', 'pyarrow', 'polars') if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
