"""Prints line coverage per target from llvm-cov's export, and fails when a target with a threshold is below it.

usage: coverage.py EXPORT.json
"""

import json
import os
import sys

# Percent of lines. Targets that mostly do I/O are printed without a threshold.
THRESHOLDS = {"Columnar": 85, "ObjectStore": 85, "TextFormats": 85, "VersionStore": 85, "S3 (pure)": 85}


def target_of(path):
    """The target that a file counts for; nothing for files that are not the project's own sources."""
    parts = os.path.relpath(path).split(os.sep)
    if parts[0] != "Sources":
        return None
    if parts[1] != "S3":
        return parts[1]
    # The transport is curl driven by a thread: its tests need servers and timing, its coverage says little.
    return "S3 (transport)" if parts[2] == "HTTP" else "S3 (pure)"


def main():
    with open(sys.argv[1], encoding="utf-8") as file:
        files = json.load(file)["data"][0]["files"]
    totals = {}
    for entry in files:
        if target := target_of(entry["filename"]):
            lines = entry["summary"]["lines"]
            count, covered = totals.get(target, (0, 0))
            totals[target] = count + lines["count"], covered + lines["covered"]
    # A target with a threshold that has no line at all was renamed or lost: that is no pass.
    totals = dict.fromkeys(THRESHOLDS, (0, 0)) | totals
    below = 0
    print(f"{'target':<16} {'lines':>7} {'covered':>8} {'percent':>8}  at least")
    for target, (count, covered) in sorted(totals.items()):
        percent = 100 * covered / count if count else 0
        threshold = THRESHOLDS.get(target)
        verdict = "" if threshold is None else f"{threshold}%" + ("" if percent >= threshold else "  BELOW")
        below += verdict.endswith("BELOW")
        print(f"{target:<16} {count:>7} {covered:>8} {percent:>7.1f}%  {verdict}")
    sys.exit(1 if below else 0)


main()
