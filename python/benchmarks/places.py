"""Where stores are: a folder, or a bucket of a server on this machine that `scripts/s3` starts."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from dataclasses import dataclass, replace
from pathlib import Path
from types import TracebackType

import pyarrow.fs

PROJECT = Path(__file__).parents[2]


@dataclass(frozen=True)
class Place:
    """A folder (no endpoint), or a prefix in a bucket."""

    path: str
    """Of the folder, or of the prefix within the bucket."""
    endpoint: str | None = None
    bucket: str = ""
    access_key: str = ""
    secret_key: str = ""
    conditional_writes: bool = True

    def __repr__(self) -> str:
        """Names no secret."""
        return f"Place({self.uri})"

    @property
    def is_bucket(self) -> bool:
        """Whether it is on S3."""
        return self.endpoint is not None

    @property
    def port(self) -> int:
        """Of the server."""
        return int((self.endpoint or "").rpartition(":")[2])

    @property
    def uri(self) -> str:
        """As most libraries take it."""
        return f"s3://{self.bucket}/{self.path}" if self.is_bucket else self.path

    def below(self, name: str) -> Place:
        """A place within it."""
        return replace(self, path=f"{self.path}/{name}")

    def through(self, port: int) -> Place:
        """The same place behind a proxy on this machine."""
        return replace(self, endpoint=f"http://127.0.0.1:{port}")

    def prepare(self) -> None:
        """Makes the folder."""
        if not self.is_bucket:
            Path(self.path).mkdir(parents=True, exist_ok=True)

    def byte_count(self) -> int:
        """Of all objects or files."""
        system, path = self.file_system()
        selector = pyarrow.fs.FileSelector(path, recursive=True, allow_not_found=True)
        return sum(info.size or 0 for info in system.get_file_info(selector))

    def file_system(self) -> tuple[pyarrow.fs.FileSystem, str]:
        """For PyArrow, with the path in it."""
        if not self.is_bucket:
            return pyarrow.fs.LocalFileSystem(), self.path
        system = pyarrow.fs.S3FileSystem(
            access_key=self.access_key, secret_key=self.secret_key, region="us-east-1", scheme="http",
            endpoint_override=(self.endpoint or "").removeprefix("http://"),
        )  # fmt: skip
        return system, f"{self.bucket}/{self.path}"


class Server:
    """A server of `scripts/s3`, empty after each start; ended when the block ends."""

    def __init__(self, name: str) -> None:
        """Starts nothing yet."""
        self.name = name
        self._runs = False

    def __enter__(self) -> Server:
        """For `with`."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Ends the server."""
        self.stop()

    def restart(self) -> Place:
        """From nothing: what an earlier shape left neither fills the memory nor slows the next."""
        self.stop()
        self._runs = True
        self._script("start", self.name)
        found = dict(re.findall(r"export (\w+)=(\S+)", self._script("env", self.name)))
        return Place(
            path="bench", endpoint=found[f"STERNA_TEST_{self.name.upper()}_ENDPOINT"],
            bucket=found["STERNA_TEST_S3_BUCKET"], access_key=found["STERNA_TEST_S3_ACCESS_KEY"],
            secret_key=found["STERNA_TEST_S3_SECRET_KEY"], conditional_writes=self.name != "rclone",
        )  # fmt: skip

    def stop(self) -> None:
        """Ends it, and removes its data."""
        if self._runs:
            self._script("stop", self.name)
            self._runs = False

    @staticmethod
    def _script(*arguments: str) -> str:
        command = [str(PROJECT / "scripts" / "s3"), *arguments]
        return subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True, env=dict(os.environ)).stdout


def emptied(folder: Path) -> Place:
    """A folder that is there and empty."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    return Place(str(folder))
