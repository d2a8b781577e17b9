"""The lines of the drill's verdict: whether two collections hold the same things equally often."""

import collections
from typing import Hashable, Iterable

SHOWN, WIDTH = 3, 200


def same(what: str, expected: Iterable[Hashable], found: Iterable[Hashable]) -> bool:
    """Prints a line, and examples of what differs; true when nothing does."""
    expected, found = collections.Counter(expected), collections.Counter(found)
    missing, surplus = expected - found, found - expected
    right = not missing and not surplus
    print(f"{'ok  ' if right else 'FAIL'}  {expected.total():,} {what}: {found.total():,} found, "
          f"{missing.total():,} missing, {surplus.total():,} too many")
    for name, things in (("missing", missing), ("too many", surplus)):
        for thing in list(things)[:SHOWN]:
            print(f"  {name}: {str(thing)[:WIDTH]}")
    return right
