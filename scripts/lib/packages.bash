# Installs what a script needs and is not there yet; says nothing about what is.
# shellcheck shell=bash

python_environment=${STERNA_PYTHON_ENVIRONMENT:-$build_folder/venv}

as_root() {
    if [ "$(id -u)" -eq 0 ]; then "$@"; else sudo "$@"; fi
}

package_is_installed() {
    [ "$(dpkg-query -W -f '${db:Status-Status}' "$1" 2>/dev/null)" = installed ]
}

# Package lists are refreshed only when an install fails without that: a refresh costs seconds on every run.
install_packages() {
    local options=(-y -q --no-install-recommends -o DPkg::Lock::Timeout=300)
    local log=$build_folder/apt.log
    say "installing: $*"
    as_root env DEBIAN_FRONTEND=noninteractive apt-get install "${options[@]}" "$@" >"$log" 2>&1 && return
    as_root apt-get update -q >>"$log" 2>&1 || true
    as_root env DEBIAN_FRONTEND=noninteractive apt-get install "${options[@]}" "$@" >>"$log" 2>&1 && return
    tail -n 20 "$log" >&2
    return 1
}

# need_package NAME...: installs those that are missing, in one go.
need_package() {
    local name missing=()
    if ! has_command dpkg-query; then
        say "no dpkg here: make sure that these are installed: $*"
        return
    fi
    for name in "$@"; do
        package_is_installed "$name" || missing+=("$name")
    done
    [ ${#missing[@]} -eq 0 ] && return
    has_command apt-get || fail "missing packages, and no apt-get to install them: ${missing[*]}"
    with_lock packages install_packages "${missing[@]}" || fail "could not install: ${missing[*]}"
}

# What the Swift targets link: see the systemLibrary targets in Package.swift.
ensure_system_packages() {
    need_package libcurl4-openssl-dev libssl-dev libzstd-dev zlib1g-dev pkg-config
}

# A Python virtual environment with exactly the pinned test tools, rebuilt when the pins change.
ensure_python_environment() {
    local pins=$project_root/scripts/lib/python-requirements.txt
    python_environment_is_current "$pins" && return
    with_lock python build_python_environment "$pins" || fail "could not build $python_environment"
}

python_environment_is_current() {
    [ -x "$python_environment/bin/python" ] && cmp -s "$1" "$python_environment/installed-requirements.txt"
}

build_python_environment() {
    local pins=$1 log=$build_folder/python.log
    python_environment_is_current "$pins" && return
    say "installing: $(grep -v '^#' "$pins" | tr '\n' ' ')"
    if ! python3 -m venv "$python_environment" >"$log" 2>&1; then
        need_package python3-venv
        python3 -m venv --clear "$python_environment" >>"$log" 2>&1 || { tail -n 20 "$log" >&2; return 1; }
    fi
    "$python_environment/bin/pip" install -q -r "$pins" >>"$log" 2>&1 || { tail -n 20 "$log" >&2; return 1; }
    cp "$pins" "$python_environment/installed-requirements.txt"
}
