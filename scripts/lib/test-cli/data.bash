# The files that scripts/test-cli imports. What is in canonical form must come back byte for byte.
# shellcheck shell=bash

samples=$project_root/Samples

make_data() {
    # Every type, nulls, an empty text, quotes, line feeds, and instants twice.
    cat >day1.csv <<'CSV'
time,price,size,venue,flag,day,note
2024-03-01T09:30:00.000000001,167.41,100,P,true,2024-03-01,plain
2024-03-01T09:30:00.000000001,167.415,-7,Q,false,1969-12-31,"a ""quoted"", text"
2024-03-01T09:30:01.500000000,,,,,,
2024-03-01T09:30:02.000000000,1e-07,9223372036854775807,P,true,2024-02-29,"two
lines"
2024-03-01T09:30:02.000000000,-0.0,0,é,false,2024-03-02,""
2024-03-01T09:30:03.250000000,NaN,3,P,,2024-03-03,日本
CSV
    cat >day2.csv <<'CSV'
time,price,size,venue,flag,day,note
2024-03-02T09:30:00.000000000,168,5,P,true,2024-03-04,whole prices only
CSV
    head -n 1 day2.csv | cat - <(tail -n +2 day1.csv) <(tail -n +2 day2.csv) >both.csv
    awk 'BEGIN { print "time,n,x"; for (i = 0; i < 20000; i++)
        printf "2024-01-01T%02d:%02d:%02d.000000000,%d,%.2f\n", i / 3600, i / 60 % 60, i % 60, i, i / 4 }' \
        </dev/null >long.csv
    printf 'time,a\n2024-01-01T00:00:00Z,1\n' >small.csv
    printf 'time,a\n2024-01-02,1\n2024-01-01,2\n' >unsorted.csv
    printf 'time,price,size,venue,flag,day,note\n2024-03-05T00:00:00,cheap,1,P,true,2024-03-05,x\n' >other-type.csv
    printf 'time,price\n2024-03-05T00:00:00,1.5\n' >other-columns.csv
    head -c 300 day1.csv >cut-in-row.csv
    head -c 3000 "$samples/spy-trades-20131007.csv.gz" >cut.csv.gz
    : >empty.csv
}

# The samples are not in canonical form: their values are compared.
same_values() {
    local found
    if found=$(python3 "$project_root/scripts/lib/compare_csv.py" "$2" "$3" 2>&1); then
        pass
    else
        miss "$1" "$found"
    fi
}
