"""Processes that are still the ones we started: a pid alone may have been given to a stranger meanwhile."""

import ctypes
import dataclasses
import os
import pathlib
import signal
import time

PROC = pathlib.Path("/proc")
# Positions in /proc/PID/stat after the command name, which may itself hold blanks and brackets (see proc(5)).
STATE, PARENT, START_TIME = 0, 1, 19
# ministack takes a moment to end its function workers; after that it is killed.
GRACE_SECONDS = 3.0
PR_SET_PDEATHSIG = 1


@dataclasses.dataclass(frozen=True)
class Process:
    """A process by pid and by its start time (clock ticks since boot), which together are unique."""

    name: str
    pid: int
    started: int

    @classmethod
    def of(cls, name: str, pid: int) -> "Process":
        """The running process `pid`; raises ProcessLookupError when there is none."""
        fields = _stat(pid)
        if fields is None:
            raise ProcessLookupError(f"no process {pid}")
        return cls(name, pid, int(fields[START_TIME]))

    def alive(self) -> bool:
        """Whether this very process still runs (a zombie does not)."""
        fields = _stat(self.pid)
        return fields is not None and int(fields[START_TIME]) == self.started and fields[STATE] not in "ZX"

    def end(self, grace: float = GRACE_SECONDS) -> None:
        """Ends it politely, then by force; returns when it is gone."""
        for number, patience in ((signal.SIGTERM, grace), (signal.SIGKILL, grace)):
            if not self.alive():
                return
            try:
                os.kill(self.pid, number)
            except ProcessLookupError:
                return
            self.wait_gone(patience)

    def wait_gone(self, patience: float) -> bool:
        """Waits at most `patience` seconds for the end; tells whether it came."""
        deadline = time.monotonic() + patience
        while self.alive():
            if time.monotonic() > deadline:
                return False
            time.sleep(0.01)
        return True


def descendants(pid: int) -> list[int]:
    """`pid` and all processes below it, parents first."""
    children: dict[int, list[int]] = {}
    for entry in PROC.iterdir():
        fields = _stat(int(entry.name)) if entry.name.isdigit() else None
        if fields is not None:
            children.setdefault(int(fields[PARENT]), []).append(int(entry.name))
    found = [pid]
    for parent in found:
        found.extend(children.get(parent, []))
    return found


def die_with_parent() -> None:
    """For a child before exec: the kernel kills it when its parent ends, however the parent ends."""
    ctypes.CDLL(None, use_errno=True).prctl(PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)


def _stat(pid: int) -> list[str] | None:
    try:
        text = (PROC / str(pid) / "stat").read_text()
    except (FileNotFoundError, ProcessLookupError, PermissionError):
        return None
    return text[text.rindex(")") + 2:].split()
