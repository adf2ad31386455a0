"""docs/faults.md names tests that exist, and every row of the catalogue."""

from __future__ import annotations

import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
# Numbers that the catalogue never had, or has no more.
ABSENT = {23, 27, 29, 33, 40, 42, 49, 50}


def test_every_row_names_tests_that_exist() -> None:
    """A row without a test, or with one that was renamed, fails."""
    table = [line for line in (ROOT / "docs/faults.md").read_text().splitlines() if re.match(r"\| \d+ ", line)]
    assert {int(line.split("|")[1]) for line in table} == set(range(1, 60)) - ABSENT
    folders = ["Tests", "python/tests", "scripts/lib/test-cli"]
    files = [
        path for folder in folders for path in (ROOT / folder).rglob("*") if path.suffix in (".swift", ".py", ".bash")
    ]
    code = "\n".join(path.read_text() for path in files if path != Path(__file__))
    for line in table:
        names = re.findall(r"`([^`]+)`", line.rsplit("|", 2)[1])
        assert names or "search" in line, line
        for name in names:
            # A function, or a case of a table.
            assert re.search(rf'(func|def) {name}\b|"{name}"|^{name}\(\)', code, re.M), (
                f"row {line.split('|')[1]}: {name}"
            )
