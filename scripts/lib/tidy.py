"""Checks what the formatter does not: each finding is `file:line: what, and what to write instead`; any finding fails.

The ratchet (tidy-ratchet.txt beside this file) lists findings that are tolerated for now, as `RULE FILE COUNT`. A count
may only fall: more findings fail, and so do fewer, until the line is lowered or removed.
"""

import collections
import os
import re
import subprocess
import sys
from dataclasses import dataclass

HERE = os.path.dirname(os.path.abspath(__file__))
RATCHET = os.path.join(HERE, "tidy-ratchet.txt")

TEST_ONLY = tuple(f"Sources/{name}/" for name in ("TestSupport", "ProtocolModel", "LibrarySoak", "Soak"))
CORE = ("SternaBase", "Columnar", "TextFormats", "CSV", "ObjectStore", "S3", "VersionStore")
FILE_LINES_WARN, FILE_LINES_FAIL = 300, 350
COLUMNS = {".swift": 108, ".h": 108, "": 120, ".bash": 120, ".py": 120}
VERBATIM = ("LICENSE",)
BINARY = (".gz", ".png", ".bin", ".arrow", ".parquet", ".zst")


def in_sources(path):
    """Code that ships: support code for tests may trap and print."""
    return path.startswith("Sources/") and not path.startswith(TEST_ONLY)


def in_core(path):
    return path.startswith(tuple(f"Sources/{name}/" for name in CORE))


def uses_injected_environment(path):
    return in_sources(path) and not path.startswith("Sources/SternaBase/Environment/")


def outside_command_line(path):
    return in_sources(path) and not path.startswith("Sources/SternaCLI/")


@dataclass
class Rule:
    """A pattern that must not stand in the Swift code (comments and string contents aside) of certain files."""

    name: str
    pattern: str
    applies: object
    advice: str


RULES = [
    Rule("force-try", r"\btry!", in_sources, "`try!` traps: throw a SternaError, or prove it with a type"),
    Rule("force-cast", r"\bas!", in_sources, "`as!` traps: use `as?` and throw, or a generic"),
    Rule("fatal-error", r"\bfatalError\(", in_sources,
         "traps in the user's process: throw for the world, `assert` for bugs"),
    Rule("print", r"(?<![.\w])(debugPrint|print)\(", outside_command_line,
         "only SternaCLI writes to stdout: use the logger"),
    Rule("date", r"\bDate\(\)", in_sources, "time comes through `SternaBase.Environment`"),
    Rule("clock", r"\b(ContinuousClock|SuspendingClock)\b|\bclock_gettime\(|\bgettimeofday\(",
         uses_injected_environment, "time comes through `SternaBase.Environment`"),
    Rule("random", r"\bSystemRandomNumberGenerator\b|\bUUID\(\)|\.random\(in: [^,()]*(\([^()]*\))?[^,()]*\)",
         uses_injected_environment, "randomness and ids come through `SternaBase.Environment`"),
    Rule("sleep", r"\bTask(<[^>]*>)?\.sleep\(|(?<![.\w])u?sleep\(|\bThread\.sleep", uses_injected_environment,
         "sleeping goes through `SternaBase.Environment`, so that tests need not wait"),
    Rule("foundation", r"\bimport (struct |class |func |enum )?Foundation", in_core,
         "the core is free of Foundation: use SternaBase or Glibc under `#if canImport(Glibc)`"),
    Rule("unchecked", r"-Ounchecked|\bunsafeFlags\b", lambda path: path == "Package.swift" or in_sources(path),
         "unsafe flags spread to every package that depends on this one"),
]

# Assembled, so that this file does not find itself.
MACHINE_FOLDERS = "|".join(["wo" + "rk", "ho" + "me", "ro" + "ot", "Us" + "ers"])
MACHINE_PATHS = re.compile(rf"(?<![\w.~}}>])/({MACHINE_FOLDERS})/[\w.-]")
LEFTOVERS = re.compile(r"\b(" + "|".join(["TO" + "DO", "FIX" + "ME", "XX" + "X"]) + r")\b")
CODE = (".swift", ".bash", ".py", "")


def project_files():
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"], check=True, capture_output=True
    ).stdout.decode()
    return sorted(path for path in set(listed.split("\0")) if os.path.isfile(path) and path not in VERBATIM)


def without_comments_and_strings(line, inside_multiline_string):
    """The code of one Swift line; the flag tells whether a multi-line string literal goes on after it."""
    if line.count('"""') % 2 == 1:
        return "", not inside_multiline_string
    if inside_multiline_string:
        return "", True
    line = re.sub(r'"(\\.|[^"\\])*"', '""', line)
    return line.split("//")[0], False


def swift_findings(path, lines):
    inside = False
    for number, line in enumerate(lines, 1):
        code, inside = without_comments_and_strings(line, inside)
        for rule in RULES:
            if rule.applies(path) and (match := re.search(rule.pattern, code)):
                yield rule.name, number, f"`{match.group(0)}`: {rule.advice}"


def text_findings(path, lines):
    extension = os.path.splitext(path)[1]
    limit = COLUMNS.get(extension)
    is_document = extension == ".md"
    if extension in CODE and len(lines) > FILE_LINES_FAIL:
        yield "file-length", FILE_LINES_FAIL, f"{len(lines)} lines: split it by idea (at most {FILE_LINES_FAIL})"
    for number, line in enumerate(lines, 1):
        if limit and len(line) > limit:
            yield "line-length", number, f"{len(line)} columns: break the line (at most {limit})"
        if not is_document and line != line.rstrip():
            yield "trailing-space", number, "trailing white space: remove it"
        if "\t" in line and extension == ".swift":
            yield "tab", number, "a tab: indent with spaces"
        if match := MACHINE_PATHS.search(line):
            yield "machine-path", number, f"`{match.group(0)}...` is one machine's path: make it relative or a variable"
        if not is_document and (match := LEFTOVERS.search(line)):
            yield "leftover", number, f"`{match.group(0)}`: do it, or say in CHANGELOG.md what is missing"


def file_findings(path):
    with open(path, "rb") as file:
        raw = file.read()
    if path.endswith(BINARY) or b"\0" in raw[:1024]:
        return
    text = raw.decode("utf-8")
    if "\r" in text:
        yield "line-ending", 1, "carriage returns: end lines with a line feed alone"
    if text and not text.endswith("\n"):
        yield "last-line", text.count("\n") + 1, "no line feed at the end of the file: add it"
    lines = text.split("\n")[:-1] if text.endswith("\n") else text.split("\n")
    yield from text_findings(path, lines)
    if path.endswith(".swift"):
        yield from swift_findings(path, lines)
        if FILE_LINES_WARN < len(lines) <= FILE_LINES_FAIL:
            print(f"warning: {path}: {len(lines)} lines; files stay under {FILE_LINES_WARN}")


def read_ratchet():
    allowed = {}
    with open(RATCHET, encoding="utf-8") as file:
        for line in file:
            if line.strip() and not line.startswith("#"):
                rule, path, count = line.split()
                allowed[rule, path] = int(count)
    return allowed


def main():
    findings = collections.defaultdict(list)
    files = project_files()
    for path in files:
        for rule, number, message in file_findings(path):
            findings[rule, path].append(f"{path}:{number}: {message} [{rule}]")
    allowed = read_ratchet()
    problems = []
    for key in sorted(set(findings) | set(allowed)):
        count, limit = len(findings[key]), allowed.get(key, 0)
        if count > limit:
            problems += findings[key]
        elif count < limit:
            line = f"{key[0]} {key[1]} {limit}"
            problems.append(f"{os.path.relpath(RATCHET)}: `{line}`: only {count} left, lower the line to that")
    for problem in problems:
        print(problem)
    print(f"tidy: {len(files)} files, {len(problems)} findings, {sum(allowed.values())} tolerated by the ratchet")
    sys.exit(1 if problems else 0)


main()
