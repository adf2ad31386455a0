"""The programs of the READMEs work, and importing is quick."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest


@pytest.mark.parametrize("folder", ["..", "../.."])
def test_the_readmes_run(folder, tmp_path, monkeypatch):
    text = (Path(__file__).parent / folder / "README.md").read_text()
    programs = re.findall(r"```python\n(.*?)```", text, re.DOTALL)
    assert programs
    monkeypatch.chdir(tmp_path)
    for program in programs:
        exec(compile(program, "README.md", "exec"), {})


def test_importing_loads_neither_pandas_nor_numpy():
    program = (
        "import sys, sterna; print([name for name in ('pandas', 'numpy', 'pyarrow', 'polars') if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
