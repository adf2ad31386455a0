"""Where tests keep stores: memory, a folder, and the S3 server that the environment names."""

from __future__ import annotations

import itertools
import os
import uuid

import pytest

import sterna

_NUMBERS = itertools.count()
PLACES = ["memory", "folder", "ceph"]


def open_store(place, folder):
    """A function that opens the same new store each time, as a client of its own."""
    if place == "memory":
        name = f"memory://places-{os.getpid()}-{next(_NUMBERS)}"
        return lambda: sterna.Store(name)
    if place == "folder":
        path = str(folder / f"store{next(_NUMBERS)}")
        return lambda: sterna.Store(path)
    endpoint = os.environ.get("STERNA_TEST_CEPH_ENDPOINT")
    if not endpoint:
        # Under scripts/test the servers run: a test that found none would prove nothing and look green.
        if os.environ.get("STERNA_TEST_REQUIRE_SERVERS") == "1":
            pytest.fail("STERNA_TEST_CEPH_ENDPOINT is not set, and servers are required")
        pytest.skip('no Ceph: eval "$(scripts/s3 env ceph)"')
    prefix = f"s3://{os.environ['STERNA_TEST_S3_BUCKET']}/python-{uuid.uuid4().hex}"
    options = {
        "endpoint": endpoint, "access_key_id": os.environ["STERNA_TEST_S3_ACCESS_KEY"],
        "secret_access_key": os.environ["STERNA_TEST_S3_SECRET_KEY"], "region": "us-east-1",
    }  # fmt: skip
    return lambda: sterna.Store(prefix, **options)
