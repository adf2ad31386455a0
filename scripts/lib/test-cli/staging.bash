# Rows that are staged by some and committed by others.
# shellcheck shell=bash

test_staging() {
    local first second
    at import day2.csv "$store" lib STAGE --time time --type price=float64 --stage
    succeeds "staging prints a token" '^[0-9a-f]{32}\.0\.STAGE$'
    second=$(cat out)
    at info "$store" lib STAGE && expect "staging makes no version" 3 "no symbol 'STAGE'"
    at import day1.csv "$store" lib STAGE --time time --stage && succeeds "another piece" '^[0-9a-f]{32}'
    first=$(cat out)
    at staged "$store" lib --format csv && succeeds "pieces are listed" "^STAGE,$first,"
    at gc "$store" lib --yes && expect "collecting keeps what is staged" 0 'deleted '
    at commit "$store" lib STAGE --token "$first" --token "$second" && expect "a commit" 0 'as version 0: 7 rows'
    fetch found.csv STAGE && same_file "pieces are put in order" <(sed "s/,168,/,168.0,/" both.csv) found.csv
    at commit "$store" lib STAGE --token "$first" && expect "a piece is taken in once" 3 'not there'
    at commit "$store" lib STAGE && expect "nothing to commit" 3 'nothing is staged'
    at commit "$store" lib STAGE --token nonsense && expect "a token that is none" 2 'no token'

    at import small.csv "$store" lib STAGE --time time --stage && succeeds "a piece of other columns"
    at commit "$store" lib STAGE --append && expect "other columns" 1 'columns'
    at abandon "$store" lib STAGE --yes && expect "giving up" 0 'gave up 1 row'
    at import day2.csv "$store" lib STAGE --stage --append && succeeds "a piece to append"
    at commit "$store" lib STAGE --append && expect "an append" 0 'as version 1: 8 rows'
    at import day1.csv "$store" lib STAGE --time time --stage && succeeds "a piece once more"
    at import day1.csv "$store" lib STAGE --time time --stage && succeeds "and again"
    at commit "$store" lib STAGE && expect "pieces that overlap" 1 'before the end'
    at commit "$store" lib STAGE --merge && expect "merged" 0 'as version 2: 12 rows'
    at import day2.csv "$store" lib STAGE --time time --stage && succeeds "a piece to give up"
    at abandon "$store" lib STAGE && expect "giving up asks first" 0 'would give up 1 row in 1 staged piece'
    at abandon "$store" lib STAGE --yes && expect "giving up" 0 'gave up 1 row'
    at verify "$store" lib --deep && expect "nothing was lost" 0 '0 problems'

    at resolve "$store" lib --token x && expect "a commit token that is none" 2 'no commit token'
    at resolve "$store" lib --token "00000000000000000000000000000001.0.STAGE" &&
        expect "a commit that was not" 1 ''
    at delete "$store" lib STAGE --yes && expect "and away" 0 'deleted'
}
