# moto's server: AWS semantics in memory, requests not authenticated.
# shellcheck shell=bash

s3_install_moto() { ensure_python_environment; }

# s3_launch_moto FOLDER PORT
s3_launch_moto() {
    local folder=$1 port=$2
    launch "$folder" moto "$python_environment/bin/moto_server" -H 127.0.0.1 -p "$port"
    wait_for_port "$folder" moto "$port" 30
}
