"""The command line of the benchmark; `scripts/bench` prepares what it needs."""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from pathlib import Path

import pyarrow as pa

from . import memory, pandas_door, publish, shapes
from .conditions import conditions
from .operations import Plan, Round
from .places import Place, Server, emptied
from .results import OPERATIONS, Results
from .systems import ARROW, PANDAS
from .tables import STORES, report


def arguments() -> argparse.Namespace:
    """As the help shows them."""
    parser = argparse.ArgumentParser(
        prog="scripts/bench",
        description="Times Sterna, ArcticDB, Polars, PyArrow and Vortex in turns in one run, on a directory and on one "
        "S3 server of this machine, and compares all that is read with what was written.",
    )
    known = [each.name for each in shapes.GENERATED + shapes.real()]
    parser.add_argument("--quick", action="store_true", help="a tenth of the rows, three repetitions: under 3 minutes")
    parser.add_argument("--shape", action="append", choices=known, metavar="NAME", help=f"of {', '.join(known)}")
    parser.add_argument("--stores", default="s3,directory", help="s3, directory or both (default)")
    parser.add_argument("--server", default="ceph", choices=["ceph", "rclone", "moto"], help="which S3 server")
    parser.add_argument("--systems", default=",".join(ARROW), help=f"of {','.join(ARROW)}")
    parser.add_argument("--repetitions", type=int, help="at most (default 7; quick 3)")
    parser.add_argument("--python", action="store_true", help="pandas, import, threads, and 20 ms of round trip")
    parser.add_argument("--all", action="store_true", help="both parts")
    parser.add_argument("--output", type=Path, help="a folder for JSON, Markdown and pictures")
    parser.add_argument("--publish", action="store_true", help="--all, and rewrites docs/benchmarks.md")
    return parser.parse_args()


class Run:
    """One call of the command."""

    def __init__(self, options: argparse.Namespace, folder: Path) -> None:
        """`folder` is for what is not kept."""
        self.options, self.folder = options, folder
        self.all = options.all or options.publish
        self.stores = options.stores.split(",")
        self.systems = {name: ARROW[name] for name in options.systems.split(",")}
        self.shapes = [
            each for each in shapes.GENERATED + shapes.real() if not options.shape or each.name in options.shape
        ]
        count = options.repetitions or (3 if options.quick else 7)
        self.plan = Plan(repetitions=count, seconds=5 if options.quick else 15)
        self.results = Results(conditions(options.quick, options.server))

    def go(self, server: Server) -> None:
        """Everything that was asked for."""
        for shape in self.shapes:
            began = time.monotonic()
            table = shape.table(self.options.quick)
            if self.all or not self.options.python:
                self._arrow(shape.name, table, server)
            if self.all or self.options.python:
                self._pandas(shape.name, table, server)
            _say(f"{shape.name}: {table.num_rows:,} rows, {time.monotonic() - began:.0f} s")
        if self.all or self.options.python:
            self._far_away(server)

    def _arrow(self, name: str, table: pa.Table, server: Server) -> None:
        for store in self.stores:
            place = self._place(store, server)
            each = Round(name, table, place, self.systems)
            each.measure(self.results, "arrow", store, self.plan, OPERATIONS)
            if place.is_bucket:
                each.count_traffic(self.results)
            if store == self.stores[0]:
                self._memory(name, table, place)

    def _memory(self, name: str, table: pa.Table, place: Place) -> None:
        """Every measurement is a process that loads all modules: a few are enough for a quick look."""
        quick = self.options.quick
        if quick and not self.options.shape and name not in ("wide", "texts"):
            return
        systems = [system for system in ("Sterna", "ArcticDB") if system in self.systems][: 1 if quick else 2]
        self.results.memory += memory.measure(name, table, place, systems, self.folder / "input.arrow")

    def _pandas(self, name: str, table: pa.Table, server: Server) -> None:
        store = self.stores[0]
        systems = {system: PANDAS[system] for system in PANDAS if system in self.systems}
        plan = Plan(self.plan.repetitions, self.plan.seconds * 0.8)
        Round(name, table, self._place(store, server), systems).measure(
            self.results, "pandas", store, plan, ["write", "read"]
        )

    def _far_away(self, server: Server) -> None:
        quick = self.options.quick
        pandas_door.import_time(self.results, 11)
        pandas_door.threads(self.results, self._place("directory", server), 3 if quick else 7)
        place = self._place("s3", server)
        pandas_door.far_away(self.results, place, 20 if quick else 100, 5)

    def _place(self, store: str, server: Server) -> Place:
        return server.restart() if store == "s3" else emptied(self.folder / "directory")


def _say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


def main() -> int:
    """Runs, prints, keeps."""
    options = arguments()
    unknown = [each for each in options.stores.split(",") if each not in STORES]
    unknown += [each for each in options.systems.split(",") if each not in ARROW]
    if unknown:
        _say(f"unknown: {', '.join(unknown)}")
        return 2
    began = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="sterna-bench-") as folder, Server(options.server) as server:
        run = Run(options, Path(folder))
        run.go(server)
    print(report(run.results))
    if options.output:
        _say(f"kept: {', '.join(map(str, publish.save(run.results, options.output)))}")
    if options.publish:
        publish.publish(run.results)
    _say(f"the whole run took {time.monotonic() - began:.0f} s")
    return 0


if __name__ == "__main__":
    sys.exit(main())
