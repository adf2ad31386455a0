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
