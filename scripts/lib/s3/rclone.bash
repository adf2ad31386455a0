# `rclone serve s3` over a folder: the throughput server, and the store that must be refused, because it ignores
# conditional writes.
# shellcheck shell=bash

s3_install_rclone() { ensure_python_environment; }

# s3_launch_rclone FOLDER PORT
s3_launch_rclone() {
    local folder=$1 port=$2
    mkdir -p "$folder/buckets"
    # The keys go by the environment, not by arguments that every user of the machine can list; no user's own
    # configuration is read. The quotes: rclone splits the variable's value at commas, as a line of CSV.
    RCLONE_CONFIG=/dev/null RCLONE_AUTH_KEY=\"$STERNA_TEST_S3_ACCESS_KEY,$STERNA_TEST_S3_SECRET_KEY\" \
        launch "$folder" rclone "$python_environment/bin/rclone" serve s3 --addr "127.0.0.1:$port" \
        --cache-dir "$folder/cache" "$folder/buckets"
    wait_for_port "$folder" rclone "$port" 30
}
