"""Every name of ArcticDB's is there with the same parameters and defaults, or is named here with the reason."""

from __future__ import annotations

import enum
import inspect

import pytest

import sterna
from sterna import _library_staging

arcticdb = pytest.importorskip("arcticdb", reason="needs the arcticdb wheel")

# Top-level names that are not there, and why.
NOT_THERE = {
    "EnterpriseLibraryOptions": "no feature is paid for",
    "RuntimeOptions": "the output format belongs to each library object",
    "set_config_from_env_vars": "tuning of its own engine",
}
MODULES = {
    "adapters", "arctic", "authorization", "config", "dependencies", "encoding_version", "exceptions", "flattener",
    "library", "log", "options", "preconditions", "supported_types", "toolbox", "tools", "util", "version_store",
}  # fmt: skip
# Methods of a library that are not there, and why.
NO_METHODS = {"parse_list_of_symbols": "a part of its read_batch"}
# Defaults that differ.
DEFAULTS = {
    ("LibraryOptions", "rows_per_segment"): "segments are as large as a store reads well",
    ("LibraryOptions", "columns_per_segment"): "as above",
    ("VersionedItem", "timestamp"): "None where no version is meant, not 1970",
    ("Store", "encoding_version"): "there is one",
    ("Store", "output_format"): "None is pandas",
    ("Store", "arrow_string_format_default"): "None leaves texts as they come",
}
CLASSES = [
    "Arctic", "LibraryOptions", "LazyDataFrame", "LazyDataFrameAfterJoin", "LazyDataFrameCollection", "QueryBuilder",
    "ReadInfoRequest", "ReadRequest", "DeleteRequest", "UpdatePayload", "VersionedItem", "WriteMetadataPayload",
    "WritePayload",
]  # fmt: skip


def theirs(name):
    from arcticdb.version_store import library

    return getattr(arcticdb, name, None) or getattr(library, name)


def differences(what, their, our):
    """What of a signature is not the same; parameters of ours alone come last or by name."""
    try:
        expected = inspect.signature(their).parameters
    except (TypeError, ValueError):
        return
    got = inspect.signature(our).parameters
    shared = [name for name in got if name in expected]
    if shared != list(expected):
        yield f"{what}{tuple(got)} for {tuple(expected)}"
    if list(got)[: len(shared)] != shared and what != "merge":
        yield f"{what}: parameters of ours stand between theirs"
    for name in shared:
        one, other = expected[name].default, got[name].default
        if repr(one) != repr(other) and (what, name) not in DEFAULTS and not _same_choice(one, other):
            yield f"{what}({name}={other!r}) for {one!r}"


def _same_choice(one, other):
    return getattr(one, "name", one) == getattr(other, "name", other) or (
        isinstance(one, tuple) and isinstance(other, tuple) and all(map(_same_choice, one, other))
    )


def public(members):
    return {name for name in members if not name.startswith("_")}


def test_the_top_level_names_are_there():
    missing = public(dir(arcticdb)) - public(dir(sterna)) - MODULES
    assert missing == set(NOT_THERE)


@pytest.mark.parametrize("name", CLASSES)
def test_the_classes_take_what_theirs_take(name):
    their, our = theirs(name), getattr(sterna, name)
    assert list(differences(our.__name__, their, our)) == []
    for method in public(dir(their)) - {"count", "index", "clauses"}:
        if callable(getattr(their, method)):
            assert list(differences(method, getattr(their, method), getattr(our, method))) == []


def test_the_methods_of_a_library_take_what_theirs_take():
    their = theirs("Library")
    assert public(dir(their)) - public(dir(sterna.Library)) == set(NO_METHODS)
    found = [
        difference
        for name in sorted(public(dir(their)) - set(NO_METHODS))
        if callable(getattr(their, name))
        for difference in differences(name, getattr(their, name), getattr(sterna.Library, name))
    ]
    assert found == []


def test_the_sizes_are_asked_for_in_the_same_way():
    from arcticdb.version_store.admin_tools import AdminTools

    for name in public(dir(AdminTools)):
        assert list(differences(name, getattr(AdminTools, name), getattr(sterna.AdminTools, name))) == []


@pytest.mark.parametrize("name", ["SymbolVersion", "VersionInfo", "NameWithDType", "SymbolDescription"])
def test_what_is_returned_has_the_same_fields(name):
    assert list(differences(name, theirs(name), getattr(sterna, name))) == []


@pytest.mark.parametrize(
    "name", ["OutputFormat", "ArrowOutputStringFormat", "VersionRequestType", "StagedDataFinalizeMethod"]
)
def test_choices_have_the_same_names(name):
    their, our = theirs(name), getattr(sterna, name)
    assert isinstance(our, enum.EnumMeta)
    # UNSPECIFIED is what None is here.
    assert set(their.__members__) - {"UNSPECIFIED"} <= set(our.__members__)


def test_exceptions_have_their_names_and_order():
    from arcticdb import exceptions

    for name, their in inspect.getmembers(exceptions, inspect.isclass):
        if not issubclass(their, Exception) or name.startswith("_") or their.__module__ == "builtins":
            continue
        # LMDB is no store of ours, and of library options the constructor tells.
        if name.startswith("Lmdb") or name in ("UnknownLibraryOption", "UnsupportedLibraryOptionValue"):
            continue
        our = getattr(sterna.exceptions, name)
        for base in their.__mro__[1:]:
            if base.__name__ in sterna.exceptions.__all__:
                assert issubclass(our, getattr(sterna.exceptions, base.__name__)), (name, base.__name__)


def test_a_stage_result_can_be_pickled():
    import pickle

    result = _library_staging.StageResult("symbol", "token")
    assert pickle.loads(pickle.dumps(result)) == result
