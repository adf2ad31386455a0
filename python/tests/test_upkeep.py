"""Differences, copies, other names, old versions, garbage and verification."""

from __future__ import annotations

import asyncio

import numpy as np
import pandas as pd
import pytest
from frames import DAYS, frame, same

import sterna as st
from sterna import aio, exceptions


def test_a_difference_names_rows_by_their_index(library):
    old = pd.DataFrame({"x": [1.0, 2.0, 3.0], "s": ["a", "b", "c"]}, index=DAYS[:3])
    new = pd.concat([old.iloc[:1], pd.DataFrame({"x": [9.0, 4.0], "s": ["b", "d"]}, index=[DAYS[1], DAYS[3]])])
    library.write("symbol", old)
    library.write("symbol", new.rename_axis(old.index.name))
    found = library.diff("symbol", as_of=0)
    assert (found.old.version, found.new.version) == (0, 1) and not found.is_empty
    assert found.columns == []
    assert [(change.kind, change.first, change.last) for change in found.rows] == [
        ("changed", DAYS[1], DAYS[1]), ("removed", DAYS[2], DAYS[2]), ("added", DAYS[3], DAYS[3]),
    ]  # fmt: skip
    assert "changed" in found._repr_html_()
    assert library.diff("symbol", 1).is_empty and library.diff("symbol", None).is_empty
    assert "no difference" in library.diff("symbol", -1)._repr_html_()
    back = library.diff("symbol", as_of=1, to=0)
    assert [change.kind for change in back.rows] == ["changed", "added", "removed"]


def test_a_difference_names_columns_and_numbers_rows_without_an_index(library):
    library.write("symbol", pd.DataFrame({"x": [1, 2], 7: ["a", "b"]}))
    library.write("other", pd.DataFrame({"x": [1.0, 2.0], "y": [1, 2]}))
    found = library.diff("symbol", -1, other_symbol="other")
    assert {(change.name, change.old_type, change.new_type) for change in found.columns} == {
        ("x", "int64", "float64"), (7, "utf8", None), ("y", None, "int64"),
    }  # fmt: skip
    assert all(isinstance(change.first, int) for change in found.rows)
    with pytest.raises(exceptions.NoSuchVersionException):
        library.diff("symbol", 5)
    with pytest.raises(exceptions.NoDataFoundException):
        library.diff("nothing", 0)


def test_copies_go_to_other_names_libraries_and_stores(library, tmp_path):
    for count in (5, 8):
        library.write("symbol", frame(slice(0, count)), metadata={"count": count})
    assert [item.version for item in library.copy("symbol", "copy")] == [0]
    same(library.read("copy").data, frame(slice(0, 8)))
    assert library.read("copy").metadata == {"count": 8}
    assert library.copy("symbol", "copy") == []
    library.append("copy", frame(slice(8, 10)))
    same(library.read("copy").data, frame(slice(0, 10)))
    elsewhere = st.Store(str(tmp_path / "elsewhere")).create_library("other")
    copied = library.copy("symbol", to_library=elsewhere, all_versions=True)
    assert [(item.version, item.library) for item in copied] == [(0, "other"), (1, "other")]
    assert library.copy("symbol", to_library=elsewhere, all_versions=True) == []
    same(elsewhere.read("symbol", as_of=0).data, frame(slice(0, 5)))
    assert library.copy("symbol", "old", as_of=0)[0].symbol == "old"
    same(library.read("old").data, frame(slice(0, 5)))


def test_copies_that_make_no_sense_are_refused(library):
    library.write("symbol", frame())
    with pytest.raises(exceptions.UserInputException):
        library.copy("symbol")
    with pytest.raises(exceptions.ArcticInvalidApiUsageException):
        library.copy("symbol", "copy", as_of=0, all_versions=True)
    with pytest.raises(exceptions.ArcticInvalidApiUsageException, match="to_library"):
        library.copy("symbol", to_library="library")
    with pytest.raises(exceptions.NoSuchSymbolException):
        library.copy("nothing", "copy")


def test_a_renamed_symbol_has_its_versions_and_goes_on(library):
    library.write("symbol", frame(slice(0, 5)))
    library.append("symbol", frame(slice(5, 8)))
    library.rename("symbol", "better")
    assert library.list_symbols() == ["better"]
    same(library.read("better", as_of=0).data, frame(slice(0, 5)))
    library.append("better", frame(slice(8, 10)))
    same(library.read("better").data, frame(slice(0, 10)))
    library.write("symbol", frame(slice(0, 2)))
    with pytest.raises(exceptions.AlreadyExistsException):
        library.rename("symbol", "better")
    with pytest.raises(exceptions.NoSuchSymbolException):
        library.rename("nothing", "something")


def test_rules_say_which_versions_stay(library):
    for count in range(1, 7):
        library.write("symbol", frame(slice(0, count)))
    library.snapshot("kept", versions={"symbol": 1})
    assert library.prune("symbol", keep_last=4, dry_run=True) == [0, 1]
    assert len(library.list_versions("symbol")) == 6
    assert library.prune("symbol", keep_days=1) == []
    assert library.prune("symbol", keep_last=4) == [0, 1]
    assert library.prune("symbol", keep_daily=3) == [2, 3, 4]
    same(library.read("symbol", as_of="kept").data, frame(slice(0, 2)))
    with pytest.raises(exceptions.NoSuchVersionException):
        library.read("symbol", as_of=0)
    assert library.prune("symbol") == []
    for wrong in ({"keep_last": 0}, {"keep_days": -1}, {"keep_daily": "x"}):
        with pytest.raises(exceptions.SternaException):
            library.prune("symbol", **wrong)


def test_garbage_is_collected_and_the_rest_is_well(library):
    noise = np.random.default_rng(1)
    for _ in range(3):
        library.write("symbol", pd.DataFrame({"x": noise.random(50_000)}))
    library.prune("symbol")
    would = library.collect(dry_run=True)
    did = library.collect("symbol")
    assert would.deleted_byte_count == did.deleted_byte_count > 600_000
    assert did.failures == [] and did.withdrawn_snapshots == []
    assert library.collect().deleted_block_count == 0
    for thoroughness in ("references", "hashes", "data"):
        found = library.verify(thoroughness=thoroughness)
        assert found.is_clean and found.version_count == 1 and found.unreferenced_byte_count == 0
    assert library.verify("symbol").block_count > 0
    with pytest.raises(exceptions.UserInputException, match="thoroughness"):
        library.verify(thoroughness="much")
    with pytest.raises(exceptions.NoSuchSymbolException):
        library.verify("nothing")


def test_damage_is_found(tmp_path):
    library = st.Store(str(tmp_path / "store")).create_library("library")
    library.write("symbol", pd.DataFrame({"x": np.random.default_rng(1).random(50_000)}))
    [segment] = [path for path in (tmp_path / "store").rglob("*.seg*") if path.is_file()]
    damaged = bytearray(segment.read_bytes())
    damaged[1000] ^= 1
    segment.write_bytes(damaged)
    [problem] = library.verify().problems
    assert problem.kind == "corrupt" and "symbol" in problem.location and problem.key.endswith(".seg")
    assert library.verify(thoroughness="references").is_clean


def test_the_twins_are_there():
    async def work():
        library = await aio.Store("memory://upkeep-twins").create_library("library")
        await library.write("symbol", np.arange(3))
        await library.copy("symbol", "copy")
        await library.rename("copy", "new")
        assert (await library.diff("symbol", 0)).is_empty
        assert await library.prune("symbol") == []
        assert (await library.collect()).failures == [] and (await library.verify()).is_clean

    asyncio.run(work())
