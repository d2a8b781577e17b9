"""What processes listen on, from the kernel's own tables: the proof that nothing is reachable from outside."""

import dataclasses
import ipaddress
import os
import pathlib
import re

LISTEN = "0A"
_SOCKET_LINK = re.compile(r"socket:\[(\d+)\]")


@dataclasses.dataclass(frozen=True)
class Listener:
    """One listening TCP socket of one process."""

    pid: int
    address: str
    port: int

    def loopback(self) -> bool:
        """Whether only this machine can reach it, by IPv4 loopback."""
        return self.address == "127.0.0.1"


def listeners(pids: list[int]) -> list[Listener]:
    """Every listening TCP socket of these processes, IPv4 and IPv6."""
    table = _listening_sockets()
    found = {Listener(pid, *table[inode]) for pid in pids for inode in _socket_inodes(pid) if inode in table}
    return sorted(found, key=lambda listener: (listener.port, listener.pid))


def _listening_sockets() -> dict[str, tuple[str, int]]:
    table = {}
    for name in ("tcp", "tcp6"):
        path = pathlib.Path("/proc/net") / name
        for line in path.read_text().splitlines()[1:] if path.exists() else []:
            fields = line.split()
            if fields[3] == LISTEN:
                table[fields[9]] = _address(fields[1])
    return table


def _address(text: str) -> tuple[str, int]:
    """`0100007F:1F90`: the kernel writes addresses as 32-bit words in the machine's byte order."""
    words, port = text.split(":")
    packed = b"".join(bytes.fromhex(words[at:at + 8])[::-1] for at in range(0, len(words), 8))
    return str(ipaddress.ip_address(packed)), int(port, 16)


def _socket_inodes(pid: int) -> set[str]:
    folder = f"/proc/{pid}/fd"
    inodes = set()
    try:
        for name in os.listdir(folder):
            try:
                link = _SOCKET_LINK.fullmatch(os.readlink(f"{folder}/{name}"))
            except FileNotFoundError:
                continue
            if link:
                inodes.add(link[1])
    except (FileNotFoundError, PermissionError):
        pass
    return inodes
