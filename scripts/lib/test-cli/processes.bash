# Processes beside each other, and processes that end in the middle.
# shellcheck shell=bash

test_processes() {
    test_parallel_appends
    test_interruption
    test_kill
}

# Rows at one instant may come in any order, so every append must become a version.
test_parallel_appends() {
    local number pids=() outcomes=""
    at import small.csv "$store" lib race --time time
    for number in 1 2 3 4 5 6; do
        printf 'time,a\n2024-01-02T00:00:00Z,%d\n' "$number" >"race-$number.csv"
        "$sterna" import "race-$number.csv" "$store" lib race --append ${connection[@]+"${connection[@]}"} \
            >/dev/null 2>"race-$number.err" </dev/null &
        pids+=($!)
    done
    for number in "${pids[@]}"; do wait "$number" && outcomes+=1; done
    equal "parallel appends all succeed" 111111 "$outcomes"
    at cat "$store" lib race --format csv
    equal "none of them is lost or applied twice" "1 1 2 3 4 5 6" \
        "$(tail -n +2 out | cut -d, -f2 | sort -n | tr '\n' ' ' | sed 's/ $//')"
    no_half_version "a race" race 7
}

# Starts an import that waits for more of its stdin; leaves its pid in import_pid, and the writer's end open.
start_waiting_import() {
    rm -f pipe && mkfifo pipe
    "$sterna" import - "$store" lib "$1" --time time --batch-rows 1 ${connection[@]+"${connection[@]}"} \
        <pipe >out 2>err &
    import_pid=$!
    exec 8>pipe
    printf 'time,a\n2024-01-01,1\n2024-01-02,2\n' >&8
    sleep 0.5
}

test_interruption() {
    local name
    for name in INT:130 TERM:143; do
        start_waiting_import cancelled
        kill -s "${name%:*}" "$import_pid"
        wait "$import_pid"
        status=$?
        exec 8>&-
        expect "SIG${name%:*} ends an import" "${name#*:}" 'interrupted'
        no_half_version "SIG${name%:*}" cancelled 0
    done
}

test_kill() {
    start_waiting_import killed
    kill -s KILL "$import_pid"
    wait "$import_pid" 2>/dev/null
    exec 8>&-
    no_half_version "a killed import" killed 0
    at import small.csv "$store" lib killed --time time && expect "the next import works" 0 'version 0'
}
