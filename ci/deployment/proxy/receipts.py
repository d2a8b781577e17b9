"""Deletes with a receipt handle that was used before: AWS says yes again, ministack says that it knows no such handle.

A client that retries after a lost answer would otherwise see a failure where there is none. On a standard queue AWS
accepts every handle that it once gave; on a FIFO queue only until the handle has expired.
"""

import collections
import re

# ministack's handles are UUIDs; anything else was never given out.
_HANDLE = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
# Enough for the longest test; a handle of AWS expires, too.
REMEMBERED = 100_000


class Receipts:
    """The handles whose messages were deleted through this proxy."""

    def __init__(self):
        self._deleted: collections.OrderedDict[str, None] = collections.OrderedDict()

    def deleted(self, handle: str) -> None:
        """Remembers a delete that ministack confirmed."""
        self._deleted[handle] = None
        if len(self._deleted) > REMEMBERED:
            self._deleted.popitem(last=False)

    def accepts(self, handle: str, fifo: bool) -> bool:
        """Whether AWS would confirm a delete for which ministack knows no message."""
        return handle in self._deleted or (not fifo and _HANDLE.fullmatch(handle) is not None)
