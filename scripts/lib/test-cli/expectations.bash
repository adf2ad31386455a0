# How scripts/test-cli says what it expects. Each expectation is one test; one that fails shows what came instead.
# shellcheck shell=bash

passed=0 failed=0 skipped=0
section_name=

section() { section_name=$1 && say "== $1"; }

pass() { passed=$((passed + 1)); }

miss() {
    failed=$((failed + 1))
    say "FAILED: $section_name: $1"
    [ $# -lt 2 ] || say "    ${2//$'\n'/$'\n'    }"
}

skip() { skipped=$((skipped + 1)) && say "skipped: $1"; }

# A command that hangs must not hang the tests.
run_seconds_max=60

# run ARGUMENT...: the program on its own; leaves stdout in out, stderr in err, and both in the log of everything.
run() {
    timeout "$run_seconds_max" "$sterna" "$@" >out 2>err </dev/null
    status=$?
    cat out err >>everything.log
}

# at COMMAND ARGUMENT...: the same with the connection that is being tested.
at() {
    local command=$1
    shift
    run "$command" ${connection[@]+"${connection[@]}"} "$@"
}

# expect NAME STATUS PATTERN: how the last run ended, and what its stderr says (an extended regular expression).
expect() {
    if [ "$status" -ne "$2" ]; then
        miss "$1: exit code $status, not $2" "$(head -n 20 err)"
    elif [ -n "$3" ] && ! grep -qE -- "$3" err; then
        miss "$1: stderr does not match '$3'" "$(head -n 20 err)"
    elif grep -qE 'Fatal error|Stack dump|\.swift:[0-9]' err; then
        miss "$1: stderr has a trace" "$(head -n 20 err)"
    else
        pass
    fi
}

# succeeds NAME [PATTERN]: the last run ended well, and its stdout matches.
succeeds() {
    if [ "$status" -ne 0 ]; then
        miss "$1: exit code $status" "$(head -n 20 err)"
    elif [ -n "${2:-}" ] && ! grep -qE -- "$2" out; then
        miss "$1: stdout does not match '$2'" "$(head -n 20 out)"
    else
        pass
    fi
}

# equal NAME EXPECTED FOUND: two texts.
equal() {
    if [ "$2" = "$3" ]; then pass; else miss "$1" "expected: $2"$'\n'"found:    $3"; fi
}

# same_file NAME EXPECTED FOUND: byte for byte.
same_file() {
    if cmp -s "$2" "$3"; then pass; else miss "$1" "$(diff "$2" "$3" | head -n 10)"; fi
}

# version_count SYMBOL: how many versions it has; 0 for one that is not there.
version_count() {
    at versions "$store" lib "$1" --format csv
    if [ "$status" -eq 3 ]; then echo 0; else tail -n +2 out | wc -l | tr -d ' '; fi
}

# no_half_version NAME SYMBOL COUNT: a failure has left exactly the versions that were there.
no_half_version() { equal "$1 leaves no half-written version" "$3" "$(version_count "$2")"; }

report() {
    say ""
    printf '%d passed, %d failed, %d skipped\n' "$passed" "$failed" "$skipped"
    [ "$failed" -eq 0 ]
}
