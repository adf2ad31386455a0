"""Libraries: symbols and their versions."""

from __future__ import annotations

from typing import Any

from ._calls import Handle
from ._library_administration import Administration
from ._library_batches import Batches
from ._library_catalog import Catalog
from ._library_merging import Merging
from ._library_snapshots import Snapshots
from ._library_staging import Staging
from .options import ArrowOutputStringFormat, LibraryOptions, OutputFormat


class Library(Merging, Staging, Batches, Catalog, Snapshots, Administration):
    """A named set of symbols. Each symbol is a table with versions.

    Any number of threads may share one, and any number of processes may write to one symbol.

    >>> import pandas as pd, sterna
    >>> library = sterna.Store("memory://library-example").create_library("ticks")
    >>> times = pd.date_range("2013-10-07 09:30", periods=3, freq="s", name="time")
    >>> library.write("SPY", pd.DataFrame({"price": [167.41, 167.42, 167.4]}, index=times)).version
    0
    >>> library.read("SPY").data["price"].max()
    np.float64(167.42)
    """

    @classmethod
    def _open(
        cls, store: Handle, name: str, uri: str, wanted: dict[str, Any], output_format: OutputFormat,
        string_format: ArrowOutputStringFormat | None, allow_pickle: bool,
    ) -> tuple[Library, bool]:  # fmt: skip
        """The library, and whether it was made now; `wanted` are the engine's options of opening."""
        opened = store.call("store_library", name, wanted)
        document = opened.json
        library = cls()
        # In a forked child it is opened anew, and is there already.
        library._handle = Handle(lambda: store.call("store_library", name).handle, opened.handle)
        library._name = name
        library._uri = uri
        library._options = LibraryOptions.of(document["options"])
        library._output_format = output_format
        library._string_format = string_format
        library._allow_pickle = allow_pickle
        library._known = {}
        return library, document["is_new"]

    def _reopen(self, store: Handle, options: LibraryOptions) -> None:
        """Goes on with changed options."""
        name = self._name
        self._handle = Handle(lambda: store.call("store_library", name).handle)
        self._options = options

    @property
    def name(self) -> str:
        """The library's name."""
        return self._name

    def options(self) -> LibraryOptions:
        """The options of the library, as they were when it was opened or changed by its store."""
        return self._options

    def __repr__(self) -> str:
        """Where the library is."""
        return f"Library({self._name!r} in {self._uri})"

    def _repr_html_(self) -> str:
        import html

        names = self.list_symbols()
        shown = "".join(f"<li>{html.escape(name)}</li>" for name in names[:20])
        more = f"<p>and {len(names) - 20:,} more</p>" if len(names) > 20 else ""
        return f"<div><b>Library</b> {html.escape(self._name)}: {len(names):,} symbols<ul>{shown}</ul>{more}</div>"

    def __getitem__(self, symbol: str) -> Any:
        """Reads the latest version of a symbol."""
        return self.read(symbol)

    def __contains__(self, symbol: str) -> bool:
        """Whether a symbol exists."""
        return self.has_symbol(symbol)
