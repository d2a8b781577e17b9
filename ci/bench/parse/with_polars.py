"""Reads a log file with polars and writes its rows as JSON lines to stdout, as the race of parsers asks.

with_polars.py json FILE | csv FILE HEADER | pattern FILE PATTERN NAME...

HEADER is `header` or `none`. PATTERN has one group for each NAME; rows that do not match are left out.
"""

import itertools
import json
import os
import sys

# Read by polars when it is loaded.
os.environ["POLARS_MAX_THREADS"] = str(len(os.sched_getaffinity(0)))

import polars  # noqa: E402


# Rows that tell the types: polars' own look at them fails for columns that hold objects here and arrays there, as logs do.
LOOKED_AT = 1000


def kind(values):
    """The type that holds all values; text where they agree on none, which polars takes for anything."""
    values = [value for value in values if value is not None]
    if values and all(isinstance(value, dict) for value in values):
        names = dict.fromkeys(name for value in values for name in value)
        fields = {name: kind([value.get(name) for value in values]) for name in names}
        return polars.Struct(fields) if fields else polars.String
    if values and all(isinstance(value, list) for value in values):
        return polars.List(kind([element for value in values for element in value]))
    for python, column in ((bool, polars.Boolean), (int, polars.Int64), ((int, float), polars.Float64)):
        if values and all(isinstance(value, python) for value in values):
            return column
    return polars.String


def schema(path):
    with open(path) as file:
        rows = [json.loads(line) for line in itertools.islice(file, LOOKED_AT) if line.strip()]
    return {field.name: field.dtype for field in kind(rows).fields}


def frame(form, path, rest):
    if form == "json":
        return polars.scan_ndjson(path, schema=schema(path))
    if form == "csv":
        # Typed as text: the others write text too, and columns of logs hold `-` beside numbers.
        return polars.scan_csv(
            path, separator=" ", has_header=rest[0] == "header", infer_schema=False, truncate_ragged_lines=True
        )
    pattern, names = rest[0], rest[1:]
    # No file of logs has this byte: the whole line is one column.
    lines = polars.scan_csv(path, separator="\x01", quote_char=None, has_header=False, new_columns=["line"])
    fields = polars.col("line").str.extract_groups(pattern).struct.rename_fields(names).alias("fields")
    return lines.select(fields).unnest("fields").filter(polars.col(names[0]).is_not_null())


def main():
    form, path, rest = sys.argv[1], sys.argv[2], sys.argv[3:]
    frame(form, path, rest).sink_ndjson(sys.stdout.buffer)


main()
