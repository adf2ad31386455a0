"""Answers that a real server gave and nobody got: nothing is lost or done twice, and `resolve` tells what happened.

The proxy that breaks requests is the one of the catalogue of faults, docs/faults.md.
"""

from __future__ import annotations

import os
import sys
import uuid
from pathlib import Path

import pytest
from frames import frame, same

import sterna
from sterna import exceptions

FAULTS = Path(__file__).resolve().parents[2] / "Tests" / "Faults"
ENDPOINT = os.environ.get("STERNA_TEST_CEPH_ENDPOINT")


class Place:
    """A library on Ceph, seen through the proxy and beside it."""

    def __init__(self):
        from harness import faults
        from harness.proxy import FaultProxy
        from harness.signing import Keys

        self.faults = faults
        key, secret = os.environ["STERNA_TEST_S3_ACCESS_KEY"], os.environ["STERNA_TEST_S3_SECRET_KEY"]
        self.proxy = FaultProxy(ENDPOINT, Keys(key, secret))
        self.uri = f"s3://{os.environ['STERNA_TEST_S3_BUCKET']}/python-faults-{uuid.uuid4().hex}"
        self.options = {"access_key_id": key, "secret_access_key": secret, "region": "us-east-1"}
        sterna.Store(self.uri, endpoint=ENDPOINT, **self.options).create_library("library")

    def library(self, endpoint=None):
        return sterna.Store(self.uri, endpoint=endpoint or self.proxy.endpoint, **self.options)["library"]

    def beside(self):
        return self.library(ENDPOINT)

    def warm_library(self):
        """With five rows in two versions, and which form of an ETag the server takes learned."""
        library = self.library()
        library.write("symbol", frame(slice(0, 3)))
        library.append("symbol", frame(slice(3, 5)))
        return library


@pytest.fixture
def place(monkeypatch):
    if not ENDPOINT:
        if os.environ.get("STERNA_TEST_REQUIRE_SERVERS") == "1":
            pytest.fail("STERNA_TEST_CEPH_ENDPOINT is not set, and servers are required")
        pytest.skip('no Ceph: eval "$(scripts/s3 env ceph)"')
    pytest.importorskip("botocore", reason="the proxy signs with botocore")
    monkeypatch.syspath_prepend(str(FAULTS))
    # Two attempts end sooner than ten.
    monkeypatch.setenv("AWS_MAX_ATTEMPTS", "2")
    place = Place()
    yield place
    place.proxy.close()
    for name in [name for name in sys.modules if name.split(".")[0] == "harness"]:
        del sys.modules[name]


WRITES = {
    "write": lambda library: library.write("symbol", frame(slice(0, 8))),
    "append": lambda library: library.append("symbol", frame(slice(5, 10))),
    "update": lambda library: library.update("symbol", frame(slice(2, 4))),
    "write_metadata": lambda library: library.write_metadata("symbol", "new"),
    "finalize": lambda library: library.finalize_staged_data("symbol", "append"),
}


@pytest.mark.parametrize("name", WRITES)
def test_a_lost_answer_to_a_commit_is_success_exactly_once(place, name):
    library = place.warm_library()
    if name == "finalize":
        library.stage("symbol", frame(slice(5, 10)))
    lost = place.proxy.add(place.faults.forward_then_drop, "PUT", "/refs/", 1)
    assert WRITES[name](library).version == 2
    assert lost.hits == 1
    assert [key.version for key in place.beside().list_versions("symbol")] == [2, 1, 0]
    expected = {"write": frame(slice(0, 8)), "append": frame(), "finalize": frame()}.get(name, frame(slice(0, 5)))
    same(place.beside().read("symbol").data, expected)


@pytest.mark.parametrize("is_applied", [True, False])
def test_an_unknown_commit_is_settled_by_its_token(place, is_applied):
    library = place.warm_library()
    fault = place.faults.forward_then_drop if is_applied else place.faults.drop_before
    lost = place.proxy.add(fault, "PUT", "/refs/", 1)
    place.proxy.add(place.faults.rst, "", "/refs/", after=lost)
    with pytest.raises(exceptions.CommitStateUnknownException) as caught:
        library.append("symbol", frame(slice(5, 10)))
    place.proxy.heal()
    assert caught.value.commit_token and caught.value.may_have_been_applied
    item = place.beside().resolve(caught.value.commit_token)
    assert (item is not None) == is_applied
    if item is not None:
        assert (item.symbol, item.version) == ("symbol", 2)
    same(place.beside().read("symbol").data, frame() if is_applied else frame(slice(0, 5)))
    # Asked again, the answer is the same, and an append that did not happen can be done now.
    assert (place.beside().resolve(caught.value.commit_token) is not None) == is_applied
    if not is_applied:
        library.append("symbol", frame(slice(5, 10)))
    same(place.beside().read("symbol").data, frame())


def test_a_piece_whose_answer_was_lost_is_staged_once_for_its_token(place):
    library = place.library()
    place.proxy.add(place.faults.forward_then_drop, "PUT", "/staged/", 1)
    result = library.stage("symbol", frame(slice(0, 5)))
    item = library.finalize_staged_data("symbol", stage_results=[result])
    assert item.version == 0
    same(place.beside().read("symbol").data, frame(slice(0, 5)))
    with pytest.raises(exceptions.SternaException):
        library.finalize_staged_data("symbol", stage_results=[result])


# ---- Without a server


@pytest.mark.parametrize("token", ["", "nonsense", "{}", "a" * 10_000])
def test_what_is_no_token_is_refused(library, token):
    with pytest.raises(exceptions.UserInputException):
        library.resolve(token)


def test_unknown_commits_are_storage_exceptions():
    assert issubclass(exceptions.CommitStateUnknownException, exceptions.StorageException)
