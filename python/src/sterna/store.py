"""Stores: where libraries are."""

from __future__ import annotations

import os
import weakref
from typing import Any

from ._calls import Handle, open_store
from ._storage_options import engine_options
from .exceptions import (
    ArcticDbNotYetImplemented,
    ArcticInvalidApiUsageException,
    LibraryAlreadyExists,
    LibraryNotFound,
    MismatchingLibraryOptions,
    UserInputException,
)
from .library import Library
from .options import ArrowOutputStringFormat, LibraryOptions, ModifiableLibraryOption, OutputFormat, stored_change


class Store:
    """A store: a bucket and prefix, a folder, or memory, that holds libraries.

    Opening makes no request: what is wrong with the place is reported by the first use.

    >>> store = Store("memory://store-example")
    >>> library = store.create_library("ticks")
    >>> store.list_libraries()
    ['ticks']
    >>> "ticks" in store
    True
    """

    def __init__(
        self,
        uri: str | os.PathLike[str],
        encoding_version: Any = None,
        output_format: OutputFormat | str | None = None,
        arrow_string_format_default: Any = None,
        *,
        storage_options: dict[str, Any] | None = None,
        allow_pickle: bool = False,
        **options: Any,
    ) -> None:
        """Opens a store.

        `uri` is s3://bucket/prefix, file:///path, a path, or memory://name. Options are those of the S3 service:
        endpoint, region, profile, access_key_id, secret_access_key, session_token, addressing, ca_bundle, allow_http,
        single_writer, max_in_flight. `storage_options` takes the same with the names of fsspec, boto3 or Polars. What
        is not given comes from the environment and the profile files that AWS's tools use. A pickled store, as it is
        sent to workers, holds the options that were given, secrets too.

        `prefer` says what written rows are encoded for: "speed" of reads from near, "balanced" for a bucket on a good
        network, or "size". With `allow_pickle` reads unpickle what `write_pickle` wrote, which runs whatever code its
        writer put there.
        """
        del encoding_version
        if not isinstance(uri, str | os.PathLike):
            raise UserInputException(f"{uri!r} is no address. Use s3://bucket/prefix, a path, or memory://name.")
        uri = os.fspath(uri)
        self._string_format = _string_format(arrow_string_format_default)
        self._uri = uri
        if not isinstance(storage_options, dict | None):
            raise ArcticInvalidApiUsageException(f"storage_options is {storage_options!r}. Give a dict.")
        self._options = engine_options({**(storage_options or {}), **options})
        self._output_format = OutputFormat.resolve(output_format, OutputFormat.PANDAS)
        self._allow_pickle = allow_pickle
        self._opened: weakref.WeakValueDictionary[int, Library] = weakref.WeakValueDictionary()
        self._handle: Handle = open_store(uri, self._options)

    # ---- Libraries

    def create_library(
        self,
        name: str,
        library_options: LibraryOptions | None = None,
        enterprise_library_options: Any = None,
        output_format: OutputFormat | str | None = None,
        arrow_string_format_default: Any = None,
    ) -> Library:
        """Makes a library.

        >>> Store("memory://create-example").create_library("ticks")
        Library('ticks' in memory://create-example)
        """
        if enterprise_library_options is not None:
            raise ArcticDbNotYetImplemented(
                "enterprise_library_options: replication is done by `sterna cp`, and deletions take one request."
            )
        library, is_new = self._open(
            name, library_options or LibraryOptions(), output_format, arrow_string_format_default
        )
        if not is_new:
            raise LibraryAlreadyExists(f"library {name!r} already exists. Open it with get_library.")
        return library

    def get_library(
        self,
        name: str,
        create_if_missing: bool = False,
        library_options: LibraryOptions | None = None,
        output_format: OutputFormat | str | None = None,
        arrow_string_format_default: Any = None,
    ) -> Library:
        """Opens a library.

        >>> Store("memory://get-example").get_library("ticks", create_if_missing=True)
        Library('ticks' in memory://get-example)
        """
        if library_options is not None and not create_if_missing:
            raise ArcticInvalidApiUsageException("library_options are for a new library: pass create_if_missing=True.")
        if not create_if_missing:
            return self._open(name, None, output_format, arrow_string_format_default)[0]
        library, is_new = self._open(
            name, library_options or LibraryOptions(), output_format, arrow_string_format_default
        )
        if library_options is not None and not is_new and library.options() != library_options:
            raise MismatchingLibraryOptions(
                f"library {name!r} is there with other options: {library.options()}. Open it without library_options, "
                "or change one with modify_library_option."
            )
        return library

    def modify_library_option(
        self, library: Library | str, option: ModifiableLibraryOption | str, option_value: Any
    ) -> None:
        """Changes an option of a library; what is stored stays as it is.

        Other processes that have the library open go on as before until they open it again.

        >>> store = Store("memory://modify-example")
        >>> library = store.create_library("ticks")
        >>> store.modify_library_option(library, "rows_per_segment", 10_000)
        >>> store["ticks"].options().rows_per_segment
        10000
        """
        name = library if isinstance(library, str) else library.name
        changed = self._handle.call("store_change_library", name, {"options": stored_change(option, option_value)})
        for opened in list(self._opened.values()):
            if opened.name == name:
                opened._reopen(self._handle, LibraryOptions.of(changed.json))

    def delete_library(self, name: str) -> None:
        """Removes a library and everything in it; one that does not exist is no error."""
        try:
            self._handle.call("store_delete_library", name)
        except LibraryNotFound:
            return

    def list_libraries(self) -> list[str]:
        """The names of all libraries, sorted."""
        names: list[str] = self._handle.call("store_libraries").json
        return names

    def has_library(self, name: str) -> bool:
        """Whether a library exists."""
        return bool(self._handle.call("store_has_library", name).json)

    def get_uri(self) -> str:
        """The address that the store was opened with."""
        return self._uri

    def __getitem__(self, name: str) -> Library:
        """The library of that name."""
        return self.get_library(name)

    def __contains__(self, name: str) -> bool:
        """Whether a library exists."""
        return self.has_library(name)

    def _open(
        self,
        name: str,
        made_with: LibraryOptions | None,
        output_format: OutputFormat | str | None,
        string_format: Any = None,
    ) -> tuple[Library, bool]:
        """Opens a library, or makes it; also says whether it was made."""
        if not isinstance(made_with, LibraryOptions | None):
            raise ArcticInvalidApiUsageException(f"{made_with!r} are no options. Give sterna.LibraryOptions(...).")
        wanted = {} if made_with is None else {"create": True, "options": made_with.stored()}
        library, is_new = Library._open(
            self._handle, name, self._shown_uri, wanted, OutputFormat.resolve(output_format, self._output_format),
            _string_format(string_format) or self._string_format, self._allow_pickle,
        )  # fmt: skip
        self._opened[id(library)] = library
        return library, is_new

    # ---- Showing

    @property
    def _shown_uri(self) -> str:
        """The address without the part that may hold secrets."""
        return self._uri.partition("?")[0]

    def __repr__(self) -> str:
        """Names no secret."""
        return f"Store({self._shown_uri})"

    def _repr_html_(self) -> str:
        import html

        names = "".join(f"<li>{html.escape(name)}</li>" for name in self.list_libraries())
        return f"<div><b>Store</b> {html.escape(self._shown_uri)}<ul>{names}</ul></div>"

    def __reduce__(self) -> tuple[Any, ...]:
        """Pickles as its address and options, for workers; secrets travel with it."""
        return _reopen, (self._uri, self._options, self._output_format, self._string_format, self._allow_pickle)


def _reopen(
    uri: str,
    options: dict[str, Any],
    output_format: OutputFormat,
    string_format: ArrowOutputStringFormat | None,
    allow_pickle: bool,
) -> Store:
    return Store(uri, None, output_format, string_format, storage_options=options, allow_pickle=allow_pickle)


def _string_format(value: Any) -> ArrowOutputStringFormat | None:
    return None if value is None else ArrowOutputStringFormat.resolve(value)
