"""The same sequences of operations with ArcticDB on LMDB and with Sterna on every kind of store."""

from __future__ import annotations

import os

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from peers import same_sequence
from places import PLACES, open_store

# Examples: those on Ceph take a second each.
EFFORT = {"memory": 20, "folder": 15, "ceph": 10}


@pytest.fixture
def on_lmdb(tmp_path):
    adb = pytest.importorskip("arcticdb", reason="needs the arcticdb wheel")
    return adb.Arctic(f"lmdb://{tmp_path / 'arctic'}?map_size=512MB").create_library("library")


@pytest.mark.parametrize("place", PLACES)
def test_sequences_are_the_same_on_every_kind_of_store(place, on_lmdb, tmp_path):
    ours = open_store(place, tmp_path)().create_library("library")

    @settings(
        max_examples=int(os.environ.get("STERNA_TEST_EXAMPLES", EFFORT[place])),
        deadline=None,
        suppress_health_check=list(HealthCheck),
    )
    @given(data=st.data())
    def compare(data):
        same_sequence(on_lmdb, ours, data)

    compare()
