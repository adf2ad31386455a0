"""Builds the extension: the engine with SwiftPM as a static library, then the C files, linked into one shared object.

The Swift runtime is linked in, so that the result runs where Swift is not installed.
"""

import os
import shutil
import subprocess
import sysconfig
from pathlib import Path

from setuptools import Extension, setup
from setuptools.command.bdist_wheel import bdist_wheel
from setuptools.command.build_ext import build_ext

HERE = Path(__file__).resolve().parent
PACKAGE = HERE.parent
EXTENSION = HERE / "extension"
# The system libraries that the engine uses; a wheel carries copies of them.
LIBRARIES = ["libcurl", "libcrypto", "libzstd", "zlib"]


def output_of(*command: str) -> str:
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip()


class BuildEngine(build_ext):
    """Compiles with `swift build` and `cc`; options come from the environment.

    STERNA_PYTHON_SCRATCH: where SwiftPM keeps its objects (a rebuild is then incremental).
    STERNA_PYTHON_CONFIGURATION: `release` or `debug`.
    """

    def build_extension(self, ext: Extension) -> None:
        if shutil.which("swift") is None:
            raise SystemExit("building sterna needs Swift 6.3 on the PATH (a wheel does not)")
        target = Path(self.get_ext_fullpath(ext.name)).resolve()
        target.parent.mkdir(parents=True, exist_ok=True)
        objects = Path(self.build_temp).resolve()
        objects.mkdir(parents=True, exist_ok=True)
        self.link(target, self.compile(objects), self.build_library())

    def build_library(self) -> Path:
        scratch = os.environ.get("STERNA_PYTHON_SCRATCH", str(PACKAGE / ".build" / "python-engine"))
        configuration = os.environ.get("STERNA_PYTHON_CONFIGURATION", "release")
        command = [
            "swift",
            "build",
            "--package-path",
            str(PACKAGE),
            "--scratch-path",
            scratch,
            "-c",
            configuration,
            "--product",
            "SternaC",
            "-j",
            os.environ.get("STERNA_BUILD_JOBS", "2"),
        ]
        subprocess.run(command, check=True)
        return Path(output_of(*command, "--show-bin-path")) / "libSternaC.a"

    def compile(self, objects: Path) -> list[Path]:
        includes = [sysconfig.get_path("include"), PACKAGE / "Sources/CArrow", PACKAGE / "Sources/CSterna"]
        compiled = []
        for source in sorted(EXTENSION.glob("*.c")):
            output = objects / f"{source.stem}.o"
            flags = ["-std=c11", "-O2", "-g", "-fPIC", "-fvisibility=hidden", "-Wall", "-Wextra", "-Werror"]
            includes_flags = [f"-I{folder}" for folder in includes]
            subprocess.run(
                [os.environ.get("CC", "cc"), *flags, *includes_flags, "-c", str(source), "-o", str(output)], check=True
            )
            compiled.append(output)
        return compiled

    def link(self, target: Path, objects: list[Path], library: Path) -> None:
        linker = ["--gc-sections", "-s", f"--version-script={EXTENSION / 'exports.map'}"]
        subprocess.run(
            [
                "swiftc",
                "-static-stdlib",
                "-emit-library",
                "-o",
                str(target),
                *map(str, objects),
                str(library),
                *output_of("pkg-config", "--libs", *LIBRARIES).split(),
                *(part for flag in linker for part in ("-Xlinker", flag)),
            ],
            check=True,
        )


class StableWheel(bdist_wheel):
    """One wheel for all Python versions from 3.11 on."""

    def finalize_options(self) -> None:
        self.py_limited_api = "cp311"
        super().finalize_options()


setup(
    ext_modules=[Extension("sterna._engine", sources=[], py_limited_api=True)],
    cmdclass={"build_ext": BuildEngine, "bdist_wheel": StableWheel},
)
