# Background processes, remembered by pid and start time: a pid alone can be another program's by the time we stop it.
# A record is a line `PID START-TIME LABEL` in a `processes` file of the folder that the process belongs to.
# shellcheck shell=bash

# Ticks since boot at which a process began; nothing when it is gone or a zombie.
process_start_time() {
    local stat
    # The command's name is in parentheses and may hold spaces: fields are counted after the last one.
    { stat=$(<"/proc/$1/stat"); } 2>/dev/null || return 0
    read -r -a fields <<<"${stat##*) }"
    [ "${fields[0]}" = Z ] || printf '%s' "${fields[19]}"
}

# launch FOLDER LABEL COMMAND...: starts a process that outlives this script, with its output in FOLDER/LABEL.log.
launch() {
    local folder=$1 label=$2 pid
    shift 2
    # Every inherited descriptor is closed, or a caller that reads our output would wait for the server to end.
    (
        close_inherited_descriptors
        exec setsid "$@" </dev/null >"$folder/$label.log" 2>&1
    ) &
    pid=$!
    disown "$pid"
    printf '%s %s %s\n' "$pid" "$(process_start_time "$pid")" "$label" >>"$folder/processes"
}

close_inherited_descriptors() {
    local descriptor
    for descriptor in /proc/"$BASHPID"/fd/*; do
        descriptor=${descriptor##*/}
        [ "$descriptor" -gt 2 ] && [ "$descriptor" -ne 255 ] && exec {descriptor}>&-
    done
    return 0
}

record_is_running() { [ -n "$2" ] && [ "$(process_start_time "$1")" = "$2" ]; }

# True when the folder has records and each of its processes still runs.
all_running() {
    local pid began label
    [ -s "$1/processes" ] || return 1
    while read -r pid began label; do
        record_is_running "$pid" "$began" || return 1
    done <"$1/processes"
}

# Ends the folder's processes, the newest first: the gateway before the storage under it.
stop_recorded() {
    local pid began label
    [ -f "$1/processes" ] || return 0
    while read -r pid began label; do
        stop_process "$pid" "$began" "$label"
    done < <(tac "$1/processes")
    rm -f "$1/processes"
}

stop_process() {
    local pid=$1 began=$2 label=$3 attempt
    record_is_running "$pid" "$began" || return 0
    kill -TERM "$pid" 2>/dev/null || return 0
    for attempt in $(seq 1 50); do
        record_is_running "$pid" "$began" || return 0
        sleep 0.1
    done
    say "$label (pid $pid) did not end within 5 s: killing it"
    record_is_running "$pid" "$began" && kill -KILL "$pid" 2>/dev/null
    for attempt in $(seq 1 50); do
        record_is_running "$pid" "$began" || return 0
        sleep 0.1
    done
    say "$label (pid $pid, attempt $attempt) still runs"
    return 1
}

port_is_open() { (exec 3<>"/dev/tcp/127.0.0.1/$1") 2>/dev/null; }

# A loopback port that nobody listens on, below the range that outgoing connections take theirs from.
free_port() {
    local port attempt
    for attempt in $(seq 1 200); do
        port=$((20000 + (RANDOM * 32768 + RANDOM) % 12000))
        port_is_open "$port" || { printf '%s' "$port"; return; }
    done
    fail "no free loopback port in $attempt tries"
}

# wait_for_port FOLDER LABEL PORT SECONDS: until the port answers; early out when a process of the folder died.
wait_for_port() {
    local folder=$1 label=$2 port=$3 deadline=$((SECONDS + $4))
    until port_is_open "$port"; do
        if ! all_running "$folder" || [ "$SECONDS" -ge "$deadline" ]; then
            say "$label does not answer on port $port; the end of its log:"
            tail -n 15 "$folder/$label.log" >&2
            return 1
        fi
        sleep 0.05
    done
}
