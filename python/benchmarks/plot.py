"""The ratios as a picture: a panel per operation, a line per shape, a dot per system, on a logarithmic axis."""

from __future__ import annotations

import math
from html import escape

from .goals import OURS
from .results import OPERATIONS, Results
from .samples import ratio
from .tables import STORES, TITLES

COLOURS = ["#c0392b", "#2471a3", "#1e8449", "#8e44ad", "#b9770e"]
LOWEST, HIGHEST = 1 / 16, 64.0
PANEL_WIDTH, LINE_HEIGHT, LEFT, TOP = 190, 24, 90, 78


def position(value: float) -> float:
    """Where a ratio stands in a panel, from 0 to 1; what is beyond the axis stands at its end."""
    share = math.log2(value / LOWEST) / math.log2(HIGHEST / LOWEST)
    return min(1.0, max(0.0, share))


def picture(results: Results, store: str) -> str:
    """An SVG, or nothing when the store was not measured."""
    shapes, systems = results.names("arrow", store)
    others = [system for system in systems if system != OURS]
    if not shapes or not others:
        return ""
    width = LEFT + len(OPERATIONS) * PANEL_WIDTH + 10
    height = TOP + len(shapes) * LINE_HEIGHT + 40
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" font-family="sans-serif" '
        f'font-size="12"><rect width="{width}" height="{height}" fill="white"/>',
        _text(10, 20, f"Time of others / time of Sterna on {STORES[store]}; right of 1: Sterna is faster", size=14),
        *_legend(others),
        *(_text(LEFT - 8, _line(row) + 4, shape, anchor="end") for row, shape in enumerate(shapes)),
    ]
    for column, operation in enumerate(OPERATIONS):
        parts += _panel(results, store, operation, LEFT + column * PANEL_WIDTH, shapes, others)
    return "\n".join([*parts, "</svg>", ""])


def _panel(
    results: Results, store: str, operation: str, left: float, shapes: list[str], others: list[str]
) -> list[str]:
    width = PANEL_WIDTH - 20
    bottom = _line(len(shapes)) - LINE_HEIGHT / 2
    parts = [_text(left + width / 2, TOP - 16, TITLES[operation], anchor="middle")]
    for mark in (0.25, 1, 4, 16):
        x = left + position(mark) * width
        stroke = "#444" if mark == 1 else "#ddd"
        parts.append(f'<line x1="{x:.1f}" x2="{x:.1f}" y1="{TOP - 8}" y2="{bottom:.1f}" stroke="{stroke}"/>')
        parts.append(_text(x, bottom + 16, f"{mark:g}", anchor="middle", size=10))
    for row, shape in enumerate(shapes):
        found = results.find("arrow", store, shape, operation)
        for number, other in enumerate(others):
            if OURS not in found or other not in found:
                continue
            value = ratio(found[other].wall, found[OURS].wall)
            if not math.isnan(value):
                x = left + position(value) * width
                parts.append(
                    f'<circle cx="{x:.1f}" cy="{_line(row):.1f}" r="5" fill="{COLOURS[number % len(COLOURS)]}" '
                    f'fill-opacity="0.8"><title>{escape(shape)}, {escape(other)}: {value:.2f}</title></circle>'
                )
    return parts


def _legend(others: list[str]) -> list[str]:
    parts = []
    for number, other in enumerate(others):
        x = 16 + number * 100
        parts.append(f'<circle cx="{x}" cy="40" r="5" fill="{COLOURS[number % len(COLOURS)]}"/>')
        parts.append(_text(x + 10, 44, other))
    return parts


def _line(row: int) -> float:
    return TOP + (row + 0.5) * LINE_HEIGHT


def _text(x: float, y: float, text: str, anchor: str = "start", size: int = 12) -> str:
    return f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}" font-size="{size}">{escape(text)}</text>'
