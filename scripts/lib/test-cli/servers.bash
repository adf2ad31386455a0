# The same on S3 servers, and what only a server can do wrong.
# shellcheck shell=bash

test_servers() {
    local ceph=${STERNA_TEST_CEPH_ENDPOINT:-} rclone=${STERNA_TEST_RCLONE_ENDPOINT:-}
    export AWS_REGION=us-east-1
    export AWS_ACCESS_KEY_ID=${STERNA_TEST_S3_ACCESS_KEY:-} AWS_SECRET_ACCESS_KEY=${STERNA_TEST_S3_SECRET_KEY:-}
    store=s3://${STERNA_TEST_S3_BUCKET:-}/test-cli-$$-$RANDOM
    if [ -z "$ceph" ]; then skip "Ceph: STERNA_TEST_CEPH_ENDPOINT is not set"; else
        section "Ceph"
        connection=(--endpoint "$ceph")
        test_reading
        test_refusals
        test_processes
        test_ceph_alone "$ceph"
    fi
    if [ -z "$rclone" ]; then skip "rclone: STERNA_TEST_RCLONE_ENDPOINT is not set"; else
        section "rclone"
        connection=(--endpoint "$rclone")
        test_unsafe_store
    fi
}

test_ceph_alone() {
    local endpoint=$1
    at doctor "$store"
    succeeds "doctor proves the store" 'conditional writes +proven'
    succeeds "doctor names the form of tags" 'ETag form +If-Match takes'
    succeeds "doctor names the source of credentials" 'credentials +from: environment'
    AWS_SECRET_ACCESS_KEY=wrong at import small.csv "$store" lib denied
    expect "a wrong secret" 5 'SignatureDoesNotMatch'
    no_half_version "a wrong secret" denied 0
    AWS_SECRET_ACCESS_KEY=wrong at doctor "$store"
    equal "doctor on a wrong secret" 5 "$status"
    AWS_ACCESS_KEY_ID='' AWS_SECRET_ACCESS_KEY='' at ls "$store" && expect "no credentials" 5 'no credentials'
    run import small.csv "s3://no-such-bucket-$RANDOM/x" lib y --endpoint "$endpoint"
    expect "a missing bucket" 3 'NoSuchBucket'
    run import small.csv "$store" lib unreached --endpoint http://127.0.0.1:1
    expect "a closed port" 6 'cannot reach'
    no_half_version "a closed port" unreached 0
    run ls "$store" --endpoint http://192.0.2.1 && expect "plain http to another machine" 2 'plain http'
    test_clock
}

# An hour off, S3 refuses signatures: the offset is learnt and the request signed again. (Sleeping does not work
# under faketime, so only commands without races are run there.)
test_clock() {
    (need_package faketime) >/dev/null 2>&1 || true
    if ! has_command faketime; then
        skip "a clock off by an hour: no faketime here"
        return
    fi
    local offset program=$sterna
    for offset in +1h -1h; do
        printf '#!/bin/sh\nexec faketime --exclude-monotonic -f %s "%s" "$@"\n' "$offset" "$program" >"clock$offset"
        chmod +x "clock$offset"
        sterna=$work/clock$offset
        at import small.csv "$store" lib "clock$offset" --time time && expect "a clock $offset off" 0 'version 0'
        sterna=$program
    done
    at cat "$store" lib clock+1h --format csv
    equal "and what was written is right" $'time,a\n2024-01-01T00:00:00.000000000Z,1' "$(cat out)"
}

# rclone answers conditional writes with success, whatever the condition.
test_unsafe_store() {
    at import day1.csv "$store" lib SPY --time time
    expect "an unsafe store is refused, with the proof" 8 '[0-9]+ of [0-9]+ create-only writers won'
    no_half_version "the refusal" SPY 0
    at doctor "$store" && expect "doctor refuses it" 8 ''
    if grep -qE 'fail +conditional writes +unsafe: .*writers won' out; then pass; else
        miss "doctor tells why" "$(cat out)"
    fi
    connection+=(--single-writer)
    at doctor "$store" && succeeds "doctor warns where there is a single writer" 'warn +conditional writes'
    test_reading_single_writer
}

test_reading_single_writer() {
    at import day1.csv "$store" lib SPY --time time && expect "a single writer may write" 0 'version 0'
    fetch found.csv SPY && same_file "and reads what it wrote" day1.csv found.csv
    connection=("${connection[@]:0:2}")
    at import day2.csv "$store" lib SPY --append && expect "a store that was made so stays so" 0 'version 1'
}

# Nothing that any command printed, in success or failure, holds the secret.
test_secrets() {
    [ -n "${STERNA_TEST_S3_SECRET_KEY:-}" ] || return 0
    section "Secrets"
    if grep -qF -- "$STERNA_TEST_S3_SECRET_KEY" everything.log; then miss "a secret was printed"; else pass; fi
}
