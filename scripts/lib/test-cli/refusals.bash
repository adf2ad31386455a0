# What is wrong is refused with the right code and message, and changes nothing.
# shellcheck shell=bash

# refuse NAME STATUS PATTERN SYMBOL VERSIONS IMPORT-ARGUMENT...
refuse() {
    local name=$1 code=$2 pattern=$3 symbol=$4 versions=$5 file=$6
    shift 6
    at import "$file" "$store" lib "$symbol" "$@"
    expect "$name" "$code" "$pattern"
    no_half_version "$name" "$symbol" "$versions"
}

test_refusals() {
    refuse "a file that is not there" 1 'No such file' none 0 nowhere.csv
    refuse "an empty file" 7 'empty' none 0 empty.csv
    refuse "a compressed file cut short" 7 'cut short' none 0 cut.csv.gz --time time
    refuse "a file cut inside a row" 7 'line|cut short' none 0 cut-in-row.csv --time time
    refuse "an unsorted time column" 1 "line 3: .*'time' is before" none 0 unsorted.csv --time time
    refuse "a time column that is not there" 2 "no column 'when'" none 0 small.csv --time when
    refuse "a column of text as time" 1 'no instant' none 0 day1.csv --time venue
    refuse "a type change on append" 1 "line 2: 'cheap' in column 'price'.*float64" SPY 2 other-type.csv --append
    refuse "a forced type change on append" 1 "'price' is float64 in the symbol and utf8" SPY 2 \
        other-type.csv --append --type price=utf8
    refuse "other columns on append" 1 'columns' SPY 2 other-columns.csv --append
    refuse "an append before the end" 1 'start at 2024-03-01T.*before the symbol' SPY 2 day1.csv --append
    test_names
    test_absences
}

test_names() {
    local name long
    long=$(printf 'x%.0s' $(seq 300))
    for name in '../x' 'a/b c+%é' "$long" ' ' '-dash' $'line\nfeed' 'con.' 'SPY' 'spy'; do
        at import small.csv "$store" names --time time -- "$name"
        expect "symbol '${name:0:12}' is a name" 0 'imported 1 row'
        at cat "$store" names --format csv -- "$name"
        equal "symbol '${name:0:12}' is read back" $'time,a\n2024-01-01T00:00:00.000000000Z,1' "$(cat out)"
    done
    at ls "$store" names --format jsonl
    equal "names are listed as they are" 9 "$(sort -u out | wc -l | tr -d ' ')"
    if [ -e "$work/x" ] || [ -e "${store%/*}/x" ]; then miss "../x stays in its folder"; else pass; fi
    refuse "symbol .." 2 'reserved' .. 0 small.csv
    at import small.csv "$store" lib '' && expect "the empty symbol" 2 'empty'
    at import small.csv "$store" .. x && expect "library .." 2 'reserved'
}

test_absences() {
    at cat "$store" nowhere SPY && expect "a library that is not there" 3 "no library 'nowhere'"
    at cat "$store" lib nothing && expect "a symbol that is not there" 3 "no symbol 'nothing'"
    at cat "$store" lib SPY --as-of 9 && expect "a version that is not there" 3 'no version 9'
    at cat "$store" lib SPY --as-of 1999-01-01 && expect "a time before the first version" 3 'no version'
    at cat "$store" lib SPY --columns none && expect "a column that is not there" 2 "no column 'none'"
    at cat "$store" lib meta --since 2024-01-01 && expect "time without an index" 2 'no index'
}
