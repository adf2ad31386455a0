"""Measures Sterna beside ArcticDB, Parquet and Vortex: `scripts/bench --help`."""
