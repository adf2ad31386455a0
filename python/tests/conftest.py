"""What tests share: libraries on every kind of store that is at hand."""

from __future__ import annotations

import itertools
import os

import pytest

import sterna

_NUMBERS = itertools.count()


@pytest.fixture(params=["memory", "folder"])
def store(request, tmp_path):
    if request.param == "memory":
        return sterna.Store(f"memory://tests-{os.getpid()}-{next(_NUMBERS)}")
    return sterna.Store(str(tmp_path / "store"))


@pytest.fixture
def memory_store():
    return sterna.Store(f"memory://tests-{os.getpid()}-{next(_NUMBERS)}")


@pytest.fixture
def library(memory_store):
    return memory_store.create_library("library")


# ---- With ArcticDB beside


@pytest.fixture(scope="module")
def arctic(tmp_path_factory):
    adb = pytest.importorskip("arcticdb", reason="needs the arcticdb wheel")
    # In memory it waits for no disk; STERNA_TEST_LMDB=1 takes the store that it is usually tried with.
    if os.environ.get("STERNA_TEST_LMDB"):
        return adb.Arctic(f"lmdb://{tmp_path_factory.mktemp('arctic')}?map_size=512MB")
    return adb.Arctic("mem://")


@pytest.fixture
def both(arctic):
    """A library of ArcticDB's and one of ours."""
    name = f"library{next(_NUMBERS)}"
    yield arctic.create_library(name), sterna.Store(f"memory://against-{os.getpid()}").create_library(name)
    arctic.delete_library(name)


@pytest.fixture
def both_dynamic(arctic):
    """The same with dynamic schema."""
    import arcticdb

    name = f"library{next(_NUMBERS)}"
    theirs = arctic.create_library(name, arcticdb.LibraryOptions(dynamic_schema=True))
    ours = sterna.Store(f"memory://against-{os.getpid()}")
    yield theirs, ours.create_library(name, sterna.LibraryOptions(dynamic_schema=True))
    arctic.delete_library(name)
