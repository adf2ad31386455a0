"""Puts results into the repository: between the markers of docs/benchmarks.md, with JSON and pictures beside it."""

from __future__ import annotations

from pathlib import Path

from .places import PROJECT
from .plot import picture
from .results import Results
from .tables import STORES, report

BEGIN, END = "<!-- figures: begin -->", "<!-- figures: end -->"


def between_markers(page: str, text: str) -> str:
    """The page with other figures; it must have both markers once."""
    if page.count(BEGIN) != 1 or page.count(END) != 1 or page.index(BEGIN) > page.index(END):
        raise ValueError(f"the page needs {BEGIN} and behind it {END}, once each")
    before, _, rest = page.partition(BEGIN)
    return f"{before}{BEGIN}\n\n{text.strip()}\n\n{END}{rest.partition(END)[2]}"


def save(results: Results, folder: Path) -> list[Path]:
    """JSON, Markdown and pictures."""
    folder.mkdir(parents=True, exist_ok=True)
    files = [folder / "results.json", folder / "results.md"]
    results.save(files[0])
    files[1].write_text(report(results))
    for store in STORES:
        drawing = picture(results, store)
        if drawing:
            files.append(folder / f"{store}.svg")
            files[-1].write_text(drawing)
    return files


def publish(results: Results, documentation: Path = PROJECT / "docs") -> None:
    """Rewrites what the repository shows."""
    folder, page = documentation / "benchmarks", documentation / "benchmarks.md"
    folder.mkdir(exist_ok=True)
    pictures = []
    results.save(folder / "results.json")
    for store in STORES:
        drawing = picture(results, store)
        if drawing:
            (folder / f"{store}.svg").write_text(drawing)
            pictures.append(f"![Times on {STORES[store]}](benchmarks/{store}.svg)")
    text = "\n\n".join([*pictures, report(results)])
    page.write_text(between_markers(page.read_text(), text))
