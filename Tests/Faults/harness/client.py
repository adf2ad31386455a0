"""A client process of the engine that does what it is told: `Soak client`."""

from __future__ import annotations

import json
import os
import select
import subprocess
import tempfile
from typing import Any

ANSWER_SECONDS = 180.0
Answer = dict[str, Any]


class ClientGone(Exception):
    """The process ended instead of answering."""


class Client:
    """One process. `do` sends an operation and waits for its answer."""

    def __init__(
        self,
        endpoint: str,
        store: str,
        library: str,
        *options: str,
        variables: dict[str, str] | None = None,
        prefix: list[str] | None = None,
    ) -> None:
        environment = {name: value for name, value in os.environ.items() if not name.startswith("AWS_")}
        environment |= {
            "AWS_ENDPOINT_URL_S3": endpoint,
            "AWS_REGION": "us-east-1",
            "AWS_EC2_METADATA_DISABLED": "true",
            "AWS_CONFIG_FILE": "/dev/null",
            "AWS_SHARED_CREDENTIALS_FILE": "/dev/null",
            "AWS_ACCESS_KEY_ID": os.environ["STERNA_TEST_S3_ACCESS_KEY"],
            "AWS_SECRET_ACCESS_KEY": os.environ["STERNA_TEST_S3_SECRET_KEY"],
        } | (variables or {})
        self.messages = tempfile.TemporaryFile()  # noqa: SIM115 - it lives as long as the process
        self.process = subprocess.Popen(
            [*(prefix or []), os.environ["STERNA_SOAK"], "client", store, library, *options],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self.messages,
            bufsize=0,
            env={name: value for name, value in environment.items() if value},
        )
        self.rest = b""

    def start(self, operation: str, **arguments: Any) -> None:
        """Sends an operation."""
        assert self.process.stdin
        self.process.stdin.write(json.dumps({"do": operation, **arguments}).encode() + b"\n")

    def wait(self, seconds: float = ANSWER_SECONDS) -> Answer:
        """The answer to the oldest operation that has none yet."""
        assert self.process.stdout
        pieces = [self.rest]
        while b"\n" not in pieces[-1]:
            if not select.select([self.process.stdout], [], [], seconds)[0]:
                self.kill()
                raise AssertionError(f"no answer within {seconds} s: {self.stderr}")
            piece = os.read(self.process.stdout.fileno(), 1 << 20)
            if not piece:
                self.process.wait()
                raise ClientGone(f"ended with {self.process.returncode}: {self.stderr}")
            pieces.append(piece)
        line, _, self.rest = b"".join(pieces).partition(b"\n")
        answer: Answer = json.loads(line)
        return answer

    def do(self, operation: str, **arguments: Any) -> Answer:
        """An operation and its answer, whatever it is."""
        self.start(operation, **arguments)
        return self.wait()

    def must(self, operation: str, **arguments: Any) -> Answer:
        """An operation that has to work."""
        answer = self.do(operation, **arguments)
        assert answer["outcome"] == "ok", (operation, arguments, answer)
        return answer

    @property
    def stderr(self) -> str:
        """What it said so far."""
        self.messages.seek(0)
        return self.messages.read().decode(errors="replace")

    def kill(self) -> None:
        """`kill -9`."""
        self.process.kill()
        self.process.wait()

    def close(self) -> None:
        """Lets it end, and waits for that."""
        if self.process.poll() is None:
            assert self.process.stdin
            self.process.stdin.close()
            try:
                self.process.wait(30)
            except subprocess.TimeoutExpired:
                self.kill()
        if self.process.stdout:
            self.process.stdout.close()
        self.messages.close()
