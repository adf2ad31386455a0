# What compares, copies, renames and counts.
# shellcheck shell=bash

test_comparing() {
    at import day1.csv "$store" lib DIFF --time time && expect "a symbol to compare" 0 'version 0'
    at import day2.csv "$store" lib DIFF --append && expect "its second version" 0 'version 1'
    at diff "$store" lib DIFF --from 0 --format csv
    equal "diff tells what was added" 'added,2024-03-02T09:30:00.000000000,2024-03-02T09:30:00.000000000,0,1' \
        "$(tail -n +2 out)"
    expect "differences are an exit code" 1 '0 rows removed, 1 added, 0 changed'
    at diff "$store" lib DIFF --from -1 && expect "no difference" 0 'no row is different'
    at diff "$store" lib DIFF --from 7 && expect "a version that is none" 3 'no version 7'

    at cp "$store" lib DIFF && expect "a copy to nowhere" 2 'where to'
    at cp "$store" lib DIFF --to-symbol COPY --all-versions && expect "a copy" 0 'copied 2 versions'
    at cp "$store" lib DIFF --to-symbol COPY --all-versions && expect "again" 0 'nothing new'
    fetch found.csv COPY --as-of 0 && same_file "a copy is the same" day1.csv found.csv
    at diff "$store" lib DIFF --from 1 --to 1 --symbol COPY && expect "as diff tells" 0 'no row is different'
    at cp "$store" lib DIFF --to-library other && expect "to another library" 0 'lib/DIFF to other/DIFF'
    at delete "$store" other DIFF --yes && expect "and away" 0 'deleted'
    at rename "$store" lib COPY --to MOVED && expect "a new name" 0 'renamed lib/COPY to MOVED'
    at info "$store" lib COPY && expect "the old name" 3 "no symbol 'COPY'"
    at rename "$store" lib MOVED --to DIFF && expect "a name that is taken" 4 "'DIFF' already"
    fetch found.csv MOVED --as-of 0 && same_file "all versions move" day1.csv found.csv

    at du "$store" lib --format csv && succeeds "symbols take up space" '^MOVED,[0-9]+,[0-9]+,'
    at du "$store" && succeeds "so do libraries" 'lib'
    at prune "$store" lib --keep-days 1 --keep-daily 2 && expect "rules that keep all" 0 'nothing to delete'
    at prune "$store" lib MOVED --keep-last 1 --keep-daily 1 --yes
    expect "rules" 0 'deleted 1 version of lib/MOVED: 0'
    at gc "$store" lib --after 00/A && expect "collecting goes on" 0 'would delete'
    at delete "$store" lib MOVED --yes && expect "and away" 0 'deleted'
    at delete "$store" lib DIFF --yes && expect "both" 0 'deleted'
    at gc "$store" lib --yes && expect "with their data" 0 'deleted '
}
