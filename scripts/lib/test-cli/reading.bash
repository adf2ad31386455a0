# What goes in comes out: import, append, and every command that reads.
# shellcheck shell=bash

test_usage() {
    run --help && succeeds "--help is an answer" "sterna import"
    run --version && succeeds "--version is an answer" '^[0-9]+\.[0-9]+'
    local command
    for command in import ls info schema versions head tail cat inspect doctor restore delete prune snapshot diff \
        cp rename staged commit abandon resolve gc du verify completion; do
        run "$command" --help && succeeds "$command has examples first" 'Examples:'
    done
    for command in bash zsh fish; do
        run completion "$command" && succeeds "completion for $command" sterna
    done
    run bogus && expect "an unknown command" 2 'bogus'
    run cat && expect "a command without its arguments" 2 'missing argument STORE'
    run cat ./s lib && expect "a missing symbol" 2 'missing argument SYMBOL'
    run cat ./s lib y --since yesterday && expect "a time that is none" 2 'yesterday'
    run cat ./s lib y --rows 5:1 && expect "a range of rows that is none" 2 '5:1'
    run import small.csv ./s lib y --type a=foo && expect "a type that is none" 2 "'foo' names no type"
    run import small.csv ./s lib y --metadata '{' && expect "metadata that is no JSON" 2 'not JSON'
    run ls ftp://host/x && expect "a store of an unknown kind" 2 'ftp'
}

# fetch FILE ARGUMENT...: what cat prints as CSV.
fetch() {
    local file=$1
    shift
    at cat "$store" lib "$@" --format csv
    mv out "$file"
}

test_reading() {
    at import day1.csv "$store" lib SPY --time time && expect "import" 0 'imported 6 rows .* version 0'
    fetch found.csv SPY && same_file "what was imported comes back byte for byte" day1.csv found.csv
    at import day2.csv "$store" lib SPY --append && expect "append" 0 'appended 1 row to .* version 1'
    fetch found.csv SPY && same_file "an append is behind what was there" <(sed 's/,168,/,168.0,/' both.csv) found.csv
    fetch found.csv SPY --as-of 0 && same_file "the earlier version is as it was" day1.csv found.csv
    fetch found.csv SPY --as-of -2 && same_file "versions count back from the newest" day1.csv found.csv
    test_selection
    test_descriptions
    test_formats
    test_slices
    test_samples
}

test_selection() {
    fetch found.csv SPY --since 2024-03-01T09:30:01.5 --until 2024-03-01T09:30:02
    equal "both ends of a range of time are in it" "3" "$(grep -c '^2024' found.csv)"
    fetch found.csv SPY --until 2024-03-01
    equal "a day as an end is all of it" "6" "$(grep -c '^2024' found.csv)"
    fetch found.csv SPY --since 2025-01-01
    equal "a range without rows is a header" "time,price,size,venue,flag,day,note" "$(cat found.csv)"
    fetch found.csv SPY --rows 1:3 --columns size
    equal "rows by number, and one column" \
        $'time,size\n2024-03-01T09:30:00.000000001,-7\n2024-03-01T09:30:01.500000000,' "$(cat found.csv)"
    at head "$store" lib SPY -n 1 --columns price --format csv
    equal "head" $'time,price\n2024-03-01T09:30:00.000000001,167.41' "$(cat out)"
    at tail "$store" lib SPY -n 1 --columns price --format csv
    equal "tail" $'time,price\n2024-03-02T09:30:00.000000000,168.0' "$(cat out)"
}

test_descriptions() {
    at ls "$store" && succeeds "ls lists libraries" '^lib$'
    at ls "$store" lib && succeeds "ls lists symbols" '^SPY$'
    at ls "$store" lib --long --format csv && succeeds "ls --long tells their size" '^SPY,1,.*,append,7,'
    at versions "$store" lib SPY --format csv
    equal "versions, newest first" "1 0" "$(tail -n +2 out | cut -d, -f1 | tr '\n' ' ' | sed 's/ $//')"
    at schema "$store" lib SPY --format csv && succeeds "schema" '^time,timestamp\[ns\],false,true$'
    at info "$store" lib SPY && succeeds "info" 'rows +7$'
    at info "$store" lib SPY --format json && python3 -m json.tool out >/dev/null
    equal "info as JSON is JSON" 0 $?
    at import small.csv "$store" lib meta --metadata '{"source": "sip", "n": 1.5}'
    at info "$store" lib meta --format json && succeeds "metadata comes back" '"source":"sip","n":1.5'
    at inspect "$store" lib SPY && succeeds "inspect shows encodings" 'bitsPerValue'
    at inspect "$store" lib SPY --tree --segments --format json
    equal "inspect as JSON has its sections" "['ref', 'version', 'tree', 'segments']" \
        "$(python3 -c 'import json; print(list(json.load(open("out"))))' 2>&1)"
    at inspect "$store" lib SPY --codecs && succeeds "codecs have candidates" 'decodeNanoseconds'
    test_objects
    at doctor "$store" && succeeds "doctor proves the store" 'conditional writes +proven'
    STERNA_STORE=$store at ls lib && succeeds "STERNA_STORE stands for the store" '^SPY$'
}

# From the store's marker to a segment, by the keys that the objects name.
test_objects() {
    local key
    at inspect "$store" sterna.json && succeeds "the store marker is an object" '^object$'
    at inspect "$store" lib/library.json --format json
    equal "an object as JSON" "library lib" "$(python3 -c '
import json; found = json.load(open("out")); print(found["object"]["kind"], found["document"]["name"])' 2>&1)"
    key=$(python3 -c '
import hashlib; print("lib/refs/" + hashlib.sha256(b"SPY").hexdigest()[:2] + "/SPY")')
    at inspect "$store" "$key" && succeeds "a ref has its versions" 'commitID'
    at inspect "$store" "${key/SPY/SPZ}" && expect "a key without an object" 3 'SPZ'
    at inspect "$store" lib/refs/SPY && expect "a key that no object has" 2 "no object of a store has the key"
    at inspect "$store" lib && expect "a forgotten symbol" 2 'missing argument SYMBOL'
    at inspect "$store" "$key" --tree && expect "a key has no tree" 2 'for a SYMBOL'
}

test_formats() {
    at cat "$store" lib SPY --format jsonl
    equal "jsonl is an object a row" "7 167.41 None" "$(python3 -c '
import json
rows = [json.loads(line) for line in open("out")]
print(len(rows), rows[0]["price"], rows[2]["price"])' 2>&1)"
    at cat "$store" lib SPY --format json
    equal "json is an array of them" "7" "$(python3 -c 'import json; print(len(json.load(open("out"))))' 2>&1)"
    at cat "$store" lib SPY && succeeds "a table shows nulls" 'null'
    if grep -q $'\033' out; then miss "no colour in a file"; else pass; fi
}

test_slices() {
    at import long.csv "$store" lib long --time time --slice-rows 500 --batch-rows 700 --prefer size
    expect "an import in many slices" 0 'imported 20,000 rows'
    fetch found.csv long && same_values "many slices are one table" long.csv found.csv
    at cat "$store" lib long && succeeds "a long table leaves out its middle" '^… 19,980 more rows$'
    at inspect "$store" lib long --tree && succeeds "its index has levels" 'level 1'
    "$sterna" cat "$store" lib long --format csv ${connection[@]+"${connection[@]}"} 2>err | head -n 2 >out
    equal "a closed pipe ends it quietly" "0 0" "${PIPESTATUS[0]} $(wc -c <err | tr -d ' ')"
}

test_samples() {
    local name
    for name in spy-trades-20131007 nyc-weather-2013; do
        at import "$samples/$name.csv.gz" "$store" samples "$name"
        expect "import of $name" 0 'imported'
        at cat "$store" samples "$name" --format csv
        mv out found.csv
        same_values "$name comes back" "$samples/$name.csv.gz" found.csv
    done
}
