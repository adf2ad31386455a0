# What makes versions from versions, and what deletes them.
# shellcheck shell=bash

test_editing() {
    at import day1.csv "$store" lib EDIT --time time && expect "a symbol to edit" 0 'version 0'
    at import day2.csv "$store" lib EDIT --append && expect "its second version" 0 'version 1'
    at restore "$store" lib EDIT --as-of 0 && expect "restore" 0 'restored version 0 .* as version 2'
    fetch found.csv EDIT && same_file "a restored version is the earlier one" day1.csv found.csv
    at restore "$store" lib EDIT --as-of 9 && expect "restoring what never was" 3 'no version 9'

    at delete "$store" lib EDIT --versions 1 && expect "deleting asks first" 0 'would delete version 1'
    at cat "$store" lib EDIT --as-of 1 && succeeds "a question deletes nothing" 168
    at delete "$store" lib EDIT --versions 1 --yes && expect "deleting a version" 0 'deleted version 1'
    at cat "$store" lib EDIT --as-of 1 && expect "a deleted version" 3 'was deleted'
    at delete "$store" lib EDIT --versions 1 --yes && expect "deleting it again" 3 'no version 1'
    at delete "$store" lib EDIT --versions x && expect "a version that is no number" 2 'x'

    at prune "$store" lib EDIT --keep 0 && expect "keeping nothing" 2 'keep'
    at prune "$store" lib EDIT && expect "pruning asks first" 0 'would delete 1 version '
    at prune "$store" lib EDIT --yes && expect "pruning" 0 'deleted 1 version '
    at prune "$store" lib EDIT --yes && expect "nothing left to prune" 0 'nothing to delete'
    fetch found.csv EDIT && same_file "the newest version stays" day1.csv found.csv

    at delete "$store" lib EDIT --yes && expect "deleting a symbol" 0 'deleted lib/EDIT'
    at info "$store" lib EDIT && expect "a deleted symbol" 3 "no symbol 'EDIT'"
    at import day1.csv "$store" lib EDIT --time time && expect "its name again" 0 'version 3'
    at delete "$store" lib EDIT --yes && expect "and away" 0 'deleted'
}
