"""What the engine has to say reaches Python's logging, in the thread that called."""

from __future__ import annotations

import logging
import os
import subprocess
import sys

import numpy as np
import pytest

import sterna
from sterna import _log

WITH_SECRETS = "s3://localhost:bucket?access=name&secret=hidden"


def test_a_warning_of_the_engine_is_logged_without_secrets(caplog):
    sterna.Store(WITH_SECRETS)
    assert {(record.name, record.levelno) for record in caplog.records} == {("sterna", logging.WARNING)}
    assert caplog.text.count("Secrets in a URI") == 1 and "hidden" not in caplog.text


def test_nothing_is_told_twice_or_of_another_store(caplog):
    sterna.Store("memory://silent")
    assert caplog.records == []


def test_a_program_that_never_imported_logging_is_warned_on_stderr():
    program = f"import sterna, sys; assert 'logging' not in sys.modules; sterna.Store({WITH_SECRETS!r})"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert "Secrets in a URI" in done.stderr and "hidden" not in done.stderr


def test_a_handler_that_calls_the_engine_or_fails_does_no_harm(memory_store):
    library = memory_store.create_library("library")

    class Handler(logging.Handler):
        def emit(self, record):
            library.write(f"from the handler {len(library.list_symbols())}", np.arange(3))
            raise ValueError("a handler's own mistake")

        def handle(self, record):
            try:
                return super().handle(record)
            except ValueError:
                return False

    handler = Handler()
    logging.getLogger("sterna").addHandler(handler)
    try:
        sterna.Store(WITH_SECRETS)
    finally:
        logging.getLogger("sterna").removeHandler(handler)
    assert library.list_symbols()[0] == "from the handler 0"


def test_calls_and_repeated_writes_are_logged_where_somebody_listens(memory_store, caplog):
    with caplog.at_level(logging.DEBUG, "sterna"):
        memory_store.create_library("library").write("symbol", np.arange(3), metadata="private")
    assert any("library_write symbol took" in record.message for record in caplog.records)
    assert "private" not in caplog.text
    assert _log.is_on(logging.WARNING)


@pytest.mark.skipif(not hasattr(os, "fork"), reason="no fork")
def test_a_forked_child_tells_its_own_messages(caplog):
    program = f"""if True:
        import os, sterna
        sterna.Store("memory://parent").list_libraries()
        child = os.fork()
        if child == 0:
            sterna.Store({WITH_SECRETS!r})
            os._exit(0)
        os.waitpid(child, 0)
    """
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True, timeout=60)
    assert done.stderr.count("Secrets in a URI") == 1
