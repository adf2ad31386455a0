# What every script shares: where the project is, where generated files go, how to speak.
# Sourced, never run. Callers set their own `set -euo pipefail`.
# shellcheck shell=bash

project_root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
# Everything that scripts generate lives under one ignored folder, so `rm -rf .build` is a full reset.
build_folder=${STERNA_BUILD_DIR:-$project_root/.build}
mkdir -p "$build_folder"
build_folder=$(cd "$build_folder" && pwd)

# Messages go to stderr: stdout belongs to what a script was asked to print.
say() { printf '%s\n' "$*" >&2; }

fail() {
    printf '%s: %s\n' "${0##*/}" "$*" >&2
    exit 1
}

has_command() { command -v "$1" >/dev/null 2>&1; }

# Runs "$@" while holding an exclusive lock named $1, so that two scripts never install the same thing at once.
with_lock() {
    local name=$1 status=0 lock_descriptor
    shift
    exec {lock_descriptor}>"$build_folder/.$name.lock"
    flock "$lock_descriptor"
    "$@" || status=$?
    exec {lock_descriptor}>&-
    return "$status"
}

# Whole seconds of wall clock that "$@" took, told on stderr after it ends; the status is the command's.
timed() {
    local label=$1 began=$SECONDS status=0
    shift
    "$@" || status=$?
    say "time: $label took $((SECONDS - began)) s"
    return "$status"
}

# logged FILE PATTERN COMMAND...: the whole output goes to FILE, the lines that do not match PATTERN to the screen; the
# status is the command's.
logged() {
    local file=$1 hidden=$2
    shift 2
    "$@" 2>&1 | tee "$file" | grep --line-buffered -vE "$hidden" || return "${PIPESTATUS[0]}"
}
