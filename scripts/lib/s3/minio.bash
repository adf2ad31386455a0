# MinIO as a container, where an engine answers. The image is the one that minio-compose.yml pins.
# shellcheck shell=bash

s3_install_minio() {
    has_command docker && timeout 20 docker version >/dev/null 2>&1 && return
    say "minio: no container engine answers here (docker version failed): not started"
    return 3
}

minio_image() { sed -n 's/^ *image: *\(.*minio\/minio:.*\)$/\1/p' "$project_root/minio-compose.yml"; }

# s3_launch_minio FOLDER PORT
s3_launch_minio() {
    local folder=$1 port=$2
    MINIO_ROOT_USER=$STERNA_TEST_S3_ACCESS_KEY MINIO_ROOT_PASSWORD=$STERNA_TEST_S3_SECRET_KEY \
        launch "$folder" minio docker run --rm --cidfile "$folder/container" \
        --publish "127.0.0.1:$port:9000" --env MINIO_ROOT_USER --env MINIO_ROOT_PASSWORD \
        "$(minio_image)" server /data
    # The first start downloads the image.
    wait_for_port "$folder" minio "$port" 300
}

# `docker run` is only the client: the container is ended by its own recorded id.
s3_stop_minio() {
    [ -s "$1/container" ] && docker stop "$(<"$1/container")" >/dev/null 2>&1
    return 0
}
