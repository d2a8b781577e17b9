"""Reads a log file with DuckDB and writes its rows as JSON lines to stdout, as the race of parsers asks.

with_duckdb.py json FILE | csv FILE HEADER | pattern FILE PATTERN NAME...

HEADER is `header` or `none`. PATTERN has one group for each NAME; rows that do not match are left out.
"""

import os
import re
import sys

import duckdb


def text(value):
    """A literal of SQL."""
    return "'" + value.replace("'", "''") + "'"


def query(form, path, rest):
    source = text(path)
    if form == "json":
        return f"SELECT * FROM read_json({source}, format = 'newline_delimited', maximum_object_size = 67108864)"
    if form == "csv":
        header = "true" if rest[0] == "header" else "false"
        # Typed as text: the others write text too, and columns of logs hold `-` beside numbers.
        return f"SELECT * FROM read_csv({source}, delim = ' ', quote = '\"', header = {header}, all_varchar = true, null_padding = true)"
    # Groups have their names from the list: RE2 spells named ones in another way.
    pattern, names = re.sub(r"\?<[a-z_]+>", "", rest[0]), rest[1:]
    # No file of logs has this byte: the whole line is one column.
    lines = f"read_csv({source}, delim = '\\x01', quote = '', escape = '', header = false, columns = {{'line': 'VARCHAR'}})"
    groups = "[" + ", ".join(map(text, names)) + "]"
    return (
        f"SELECT unnest(f) FROM (SELECT regexp_extract(line, {text(pattern)}, {groups}) AS f FROM {lines})"
        f' WHERE f."{names[0]}" <> \'\''
    )


def main():
    form, path, rest = sys.argv[1], sys.argv[2], sys.argv[3:]
    connection = duckdb.connect(config={"threads": len(os.sched_getaffinity(0))})
    connection.execute(f"COPY ({query(form, path, rest)}) TO '/dev/stdout' (FORMAT json)")


main()
