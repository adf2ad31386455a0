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

    at snapshot "$store" lib --name keep --symbols EDIT && expect "a snapshot" 0 "'keep' keeps 1 symbol"
    at snapshot "$store" lib --name keep && expect "a name that is taken" 4 'keep'
    at snapshot "$store" lib --format csv && succeeds "snapshots are listed" '^keep,'
    at import day2.csv "$store" lib EDIT --append && expect "a version after it" 0 'version 3'
    fetch found.csv EDIT --as-of keep && same_file "a snapshot is what was then" day1.csv found.csv
    at cat "$store" lib EDIT --as-of none && expect "a snapshot that is none" 3 'none'

    at gc "$store" lib && expect "collecting asks first" 0 'would delete .* --yes'
    at gc "$store" lib --yes && expect "collecting" 0 'deleted '
    at verify "$store" lib --deep && expect "nothing was lost" 0 '0 problems'
    fetch found.csv EDIT --as-of keep && same_file "the snapshot kept its data" day1.csv found.csv
    at delete "$store" lib EDIT --yes && expect "deleting the symbol that it holds" 0 'deleted'
    at restore "$store" lib EDIT --as-of keep && expect "restoring it" 0 'restored version 2 .* as version 4'
    fetch found.csv EDIT && same_file "a deleted symbol comes back" day1.csv found.csv
    at snapshot "$store" lib --name keep --delete && expect "deleting a snapshot asks first" 0 'would delete'
    at snapshot "$store" lib --name keep --delete --yes && expect "deleting a snapshot" 0 'deleted snapshot'

    at delete "$store" lib EDIT --yes && expect "deleting a symbol" 0 'deleted lib/EDIT'
    at info "$store" lib EDIT && expect "a deleted symbol" 3 "no symbol 'EDIT'"
    at import day1.csv "$store" lib EDIT --time time && expect "its name again" 0 'version 5'
    at delete "$store" lib EDIT --yes && expect "and away" 0 'deleted'

    at verify "$store" nowhere && expect "verifying a library that is none" 3 "no library 'nowhere'"
    at gc "$store" nowhere && expect "collecting in a library that is none" 3 "no library 'nowhere'"
    # More rows than the ref of a symbol takes: these have a segment.
    awk 'BEGIN { print "time,n"; for (s = 0; s < 20000; s++)
        printf "2024-01-01T%02d:%02d:%02d,%d\n", s / 3600, s / 60 % 60, s % 60, s * s }' >many.csv
    at import many.csv "$store" damaged X --time time && expect "a symbol to damage" 0 'version 0'
    local segment
    segment=$(find "$store/damaged" -name '*.seg*' | head -n 1)
    [ -n "$segment" ] && printf 'x' | dd of="$segment" bs=1 seek=90 conv=notrunc status=none
    at verify "$store" damaged && expect "verify names what is damaged" 1 '1 problem'
    at cat "$store" damaged X && expect "damaged data is not shown" 7 'hash'
    rm -rf "$store/damaged"
}
