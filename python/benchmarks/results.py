"""What a run found, as it is kept in JSON."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from .samples import Samples

OPERATIONS = ["write", "read", "column", "range", "append"]


@dataclass
class Measurement:
    """One operation of one system on one shape."""

    door: str
    """`arrow` or `pandas`: what goes in and out."""
    store: str
    shape: str
    system: str
    operation: str
    samples: Samples = field(default_factory=Samples)


@dataclass
class Size:
    """What a system keeps of a shape."""

    store: str
    shape: str
    system: str
    stored_bytes: int
    raw_bytes: int


@dataclass
class Traffic:
    """What one operation moved between client and server."""

    shape: str
    system: str
    operation: str
    requests: int
    sent_bytes: int
    received_bytes: int


@dataclass
class Memory:
    """The peak of a process of its own, above what it had before."""

    shape: str
    system: str
    operation: str
    data_bytes: int
    """Of the result of a read, of the input of a write."""
    extra_bytes: int
    """Above the baseline: a read's contains its result, a write's does not contain its input."""


@dataclass
class Figure:
    """A number of another kind: `unit` says which."""

    name: str
    system: str
    value: float
    unit: str
    note: str = ""


@dataclass
class Results:
    """Everything."""

    conditions: dict[str, Any]
    measurements: list[Measurement] = field(default_factory=list)
    sizes: list[Size] = field(default_factory=list)
    traffic: list[Traffic] = field(default_factory=list)
    memory: list[Memory] = field(default_factory=list)
    figures: list[Figure] = field(default_factory=list)

    def save(self, path: Path) -> None:
        """As JSON that a person can read and a program can compare."""
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(_rounded(asdict(self)), indent=1) + "\n")

    @classmethod
    def load(cls, path: Path) -> Results:
        """What `save` wrote."""
        found = json.loads(path.read_text())
        return cls(
            conditions=found["conditions"],
            measurements=[
                Measurement(**{**each, "samples": Samples(**each["samples"])}) for each in found["measurements"]
            ],
            sizes=[Size(**each) for each in found["sizes"]],
            traffic=[Traffic(**each) for each in found["traffic"]],
            memory=[Memory(**each) for each in found["memory"]],
            figures=[Figure(**each) for each in found["figures"]],
        )

    def names(self, door: str, store: str) -> tuple[list[str], list[str]]:
        """The shapes and the systems, in the order in which they came."""
        those = [each for each in self.measurements if (each.door, each.store) == (door, store)]
        return list(dict.fromkeys(each.shape for each in those)), list(dict.fromkeys(each.system for each in those))

    def find(self, door: str, store: str, shape: str, operation: str) -> dict[str, Samples]:
        """Of each system."""
        wanted = (door, store, shape, operation)
        return {
            each.system: each.samples
            for each in self.measurements
            if (each.door, each.store, each.shape, each.operation) == wanted
        }


def _rounded(value: Any) -> Any:
    if isinstance(value, float):
        return float(f"{value:.4g}")
    if isinstance(value, dict):
        return {key: _rounded(each) for key, each in value.items()}
    if isinstance(value, list):
        return [_rounded(each) for each in value]
    return value
