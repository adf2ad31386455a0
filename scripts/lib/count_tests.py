"""Prints `PASSED FAILED SKIPPED` of a test run from its xUnit reports.

usage: count_tests.py EXIT-STATUS REPORT...

A runner that failed without one failed test in its report (it crashed, or wrote none) counts as one failure: a run that
tells nothing has not passed.
"""

import os
import sys
import xml.etree.ElementTree as ElementTree


def outcome(case):
    if case.find("failure") is not None or case.find("error") is not None:
        return "failed"
    return "skipped" if case.find("skipped") is not None else "passed"


def cases(report):
    """The test cases of a report; a crash leaves one that breaks off, and what came before still counts."""
    try:
        for _, element in ElementTree.iterparse(report):
            if element.tag == "testcase":
                yield element
    except ElementTree.ParseError as error:
        print(f"{report}: {error}: the test runner broke off", file=sys.stderr)


def main():
    status, reports = int(sys.argv[1]), sys.argv[2:]
    counts = {"passed": 0, "failed": 0, "skipped": 0}
    for report in reports:
        if not os.path.isfile(report):
            continue
        for case in cases(report):
            counts[outcome(case)] += 1
    told_nothing = sum(counts.values()) == 0
    if (status != 0 or told_nothing) and counts["failed"] == 0:
        counts["failed"] = 1
    print(counts["passed"], counts["failed"], counts["skipped"])


main()
