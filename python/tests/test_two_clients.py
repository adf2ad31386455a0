"""Two clients on one bucket, in any order of operations, against a model of plain Python."""

from __future__ import annotations

import os

import hypothesis.strategies as s
import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, settings
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test
from pandas.testing import assert_frame_equal
from places import PLACES, open_store

from sterna import exceptions

START = pd.Timestamp("2013-10-07 09:30")
# Runs and their steps: fewer where every step is a handful of requests.
EFFORT = {"memory": (60, 30), "folder": (15, 25), "ceph": (5, 20)}
SYMBOLS = s.sampled_from(["a", "b/ü"])
CLIENTS = s.integers(0, 1)


@s.composite
def frames(draw):
    seconds = sorted(draw(s.lists(s.integers(0, 40), min_size=1, max_size=8)))
    index = pd.DatetimeIndex([START + pd.Timedelta(second, "s") for second in seconds], name="time")
    texts = draw(s.lists(s.sampled_from(["x", "y", None]), min_size=len(seconds), max_size=len(seconds)))
    numbers = draw(s.lists(s.floats(width=32), min_size=len(seconds), max_size=len(seconds)))
    data = {"n": np.array(numbers), "s": pd.Series(texts, dtype=object, index=index)}
    return pd.DataFrame(data, index=index)


class TwoClients(RuleBasedStateMachine):
    """Each operation is of either client, which may know nothing of what the other one did."""

    open_client = None

    @initialize()
    def begin(self):
        stores = [type(self).open_client() for _ in range(2)]
        name = f"library{id(self)}-{os.urandom(4).hex()}"
        self.clients = [store.get_library(name, create_if_missing=True) for store in stores]
        self.versions = {}
        self.snapshots = {}

    def live(self, symbol):
        return [version for version in self.versions.get(symbol, []) if version is not None]

    def commit(self, symbol, item, frame, metadata, prune=False):
        known = self.versions.setdefault(symbol, [])
        assert item.version == len(known)
        if prune:
            known[:] = [None] * len(known)
        known.append((frame, metadata))

    @rule(client=CLIENTS, symbol=SYMBOLS, frame=frames(), metadata=s.integers(), prune=s.booleans())
    def write(self, client, symbol, frame, metadata, prune):
        item = self.clients[client].write(symbol, frame, metadata, prune_previous_versions=prune)
        self.commit(symbol, item, frame, metadata, prune)

    @rule(client=CLIENTS, symbol=SYMBOLS, frame=frames(), metadata=s.integers())
    def append(self, client, symbol, frame, metadata):
        live = self.live(symbol)
        if live and len(live[-1][0]) and frame.index[0] < live[-1][0].index[-1]:
            with pytest.raises(exceptions.SternaException):
                self.clients[client].append(symbol, frame, metadata)
            return
        item = self.clients[client].append(symbol, frame, metadata)
        whole = pd.concat([live[-1][0], frame]) if live and len(live[-1][0]) else frame
        self.commit(symbol, item, whole, metadata)

    @rule(client=CLIENTS, symbol=SYMBOLS, frame=frames())
    def update(self, client, symbol, frame):
        live = self.live(symbol)
        if not live:
            with pytest.raises(exceptions.NoDataFoundException):
                self.clients[client].update(symbol, frame)
            return
        before = live[-1][0]
        parts = [before[before.index < frame.index[0]], frame, before[before.index > frame.index[-1]]]
        item = self.clients[client].update(symbol, frame)
        self.commit(symbol, item, pd.concat([part for part in parts if len(part)]), None)

    @rule(client=CLIENTS, symbol=SYMBOLS, first=s.integers(0, 40), length=s.integers(0, 20))
    def delete_rows(self, client, symbol, first, length):
        live = self.live(symbol)
        if not live:
            return
        bounds = START + pd.Timedelta(first, "s"), START + pd.Timedelta(first + length, "s")
        before = live[-1][0]
        item = self.clients[client].delete_data_in_range(symbol, bounds)
        self.commit(symbol, item, before[(before.index < bounds[0]) | (before.index > bounds[1])], None)

    @rule(client=CLIENTS, symbol=SYMBOLS, metadata=s.text(max_size=3))
    def write_metadata(self, client, symbol, metadata):
        if self.live(symbol):
            item = self.clients[client].write_metadata(symbol, metadata)
            self.commit(symbol, item, self.live(symbol)[-1][0], metadata)

    @rule(client=CLIENTS, symbol=SYMBOLS, data=s.data())
    def restore(self, client, symbol, data):
        numbers = [number for number, version in enumerate(self.versions.get(symbol, [])) if version is not None]
        if numbers:
            number = data.draw(s.sampled_from(numbers))
            item = self.clients[client].restore_version(symbol, number)
            self.commit(symbol, item, *self.versions[symbol][number])

    @rule(client=CLIENTS, symbol=SYMBOLS, data=s.data())
    def delete_version(self, client, symbol, data):
        numbers = [number for number, version in enumerate(self.versions.get(symbol, [])) if version is not None]
        if len(numbers) > 1:
            number = data.draw(s.sampled_from(numbers))
            self.clients[client].delete(symbol, number)
            self.versions[symbol][number] = None

    @rule(client=CLIENTS, symbol=SYMBOLS)
    def delete_symbol(self, client, symbol):
        self.clients[client].delete(symbol)
        self.versions[symbol] = [None] * len(self.versions.get(symbol, []))

    @rule(client=CLIENTS, symbol=SYMBOLS)
    def prune(self, client, symbol):
        if self.live(symbol):
            self.clients[client].prune_previous_versions(symbol)
            known = self.versions[symbol]
            latest = max(number for number, version in enumerate(known) if version is not None)
            known[:latest] = [None] * latest

    @rule(client=CLIENTS, name=s.sampled_from(["one", "two"]))
    def snapshot(self, client, name):
        held = {symbol: self.live(symbol)[-1] for symbol in self.versions if self.live(symbol)}
        if name in self.snapshots or not held:
            return
        self.clients[client].snapshot(name, metadata=len(held))
        self.snapshots[name] = held

    @rule(client=CLIENTS, name=s.sampled_from(["one", "two"]))
    def delete_snapshot(self, client, name):
        if self.snapshots.pop(name, None) is not None:
            self.clients[client].delete_snapshot(name)

    @invariant()
    def both_read_what_the_model_says(self):
        for library in getattr(self, "clients", []):
            assert library.list_symbols() == sorted(symbol for symbol in self.versions if self.live(symbol))
            for symbol, known in self.versions.items():
                if not self.live(symbol):
                    assert not library.has_symbol(symbol)
                    continue
                number = max(number for number, version in enumerate(known) if version is not None)
                self.check(library.read(symbol), *known[number])
                listed = library.list_versions(symbol, skip_snapshots=True)
                assert [key.version for key in listed] == [n for n in range(number, -1, -1) if known[n] is not None]

    def teardown(self):
        for library in getattr(self, "clients", []):
            for symbol, known in self.versions.items():
                for number, version in enumerate(known):
                    if version is not None:
                        self.check(library.read(symbol, as_of=number), *version)
            for name, held in self.snapshots.items():
                assert library.list_symbols(name) == sorted(held)
                for symbol, version in held.items():
                    self.check(library.read(symbol, as_of=name), *version)

    @staticmethod
    def check(item, frame, metadata):
        assert_frame_equal(item.data, frame, check_exact=True, check_freq=False)
        assert item.metadata == metadata


@pytest.mark.parametrize("place", PLACES)
def test_two_clients_agree_with_the_model(place, tmp_path):
    examples, steps = EFFORT[place]
    examples = int(os.environ.get("STERNA_TEST_EXAMPLES", examples))
    machine = type("Machine", (TwoClients,), {"open_client": staticmethod(open_store(place, tmp_path))})
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=examples, stateful_step_count=steps, deadline=None, suppress_health_check=list(HealthCheck)
        ),
    )
