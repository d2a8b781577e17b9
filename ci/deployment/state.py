"""The folder of one deployment, and the record in it by which every other command finds the deployment."""

import contextlib
import dataclasses
import fcntl
import json
import os
import pathlib
import shutil

from .install import CACHE
from .processes import Process

DEFAULT = CACHE / "default"
RECORD = "state.json"
# Who owns what. The ids are those of AWS's own documentation, so that nobody takes them for real accounts.
PANTHER_ACCOUNT = "111122223333"
# Not us-east-1, which the original tools wrote into their messages wherever they ran.
REGION = "eu-central-1"
SERVICES = ("s3", "sqs", "sns", "lambda", "iam", "sts", "kms", "dynamodb")


class NotUp(Exception):
    """No deployment runs in that folder."""


@dataclasses.dataclass(frozen=True)
class Record:
    """A running deployment: its processes, its addresses, and the credentials of its operator."""

    keeper: Process
    processes: list[Process]
    ports: dict[str, int]
    account: str
    region: str
    access_key: str
    secret_key: str

    def endpoint(self, service: str) -> str:
        """The URL at which `service` answers: through our proxy where there is one."""
        return f"http://127.0.0.1:{self.ports.get(service, self.ports['ministack'])}"

    def running(self) -> bool:
        """Whether every process of the deployment still runs."""
        return self.keeper.alive() and all(process.alive() for process in self.processes)

    def to_json(self) -> dict:
        """The record as it is written."""
        written = dataclasses.asdict(self)
        written["endpoints"] = {service: self.endpoint(service) for service in SERVICES}
        return written


class StateFolder:
    """`path` holds everything that one deployment writes; it is gone after `down`."""

    def __init__(self, path: pathlib.Path):
        self.path = path.resolve()

    def read(self) -> Record | None:
        """The record, or nothing when no deployment was brought up here."""
        try:
            written = json.loads((self.path / RECORD).read_text())
        except (FileNotFoundError, NotADirectoryError):
            return None
        written.pop("endpoints")
        written["keeper"] = Process(**written["keeper"])
        written["processes"] = [Process(**process) for process in written["processes"]]
        return Record(**written)

    def running(self) -> Record:
        """The record of a deployment that runs; raises NotUp otherwise."""
        record = self.read()
        if record is None or not record.running():
            raise NotUp(f"no deployment runs in `{self.path}`; bring it up with `ci/sandbox up --state {self.path}`")
        return record

    def write(self, record: Record) -> None:
        """Appears whole or not at all: `up` waits for this file."""
        unfinished = self.path / (RECORD + ".new")
        descriptor = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "w") as file:
            json.dump(record.to_json(), file, indent=1)
        unfinished.rename(self.path / RECORD)

    def remove(self) -> None:
        """Removes the folder and all that is in it."""
        shutil.rmtree(self.path, ignore_errors=True)

    @contextlib.contextmanager
    def locked(self):
        """One `up` or `down` at a time; the lock is on the folder itself and so leaves no file behind."""
        while True:
            self.path.mkdir(parents=True, exist_ok=True)
            descriptor = os.open(self.path, os.O_RDONLY)
            fcntl.flock(descriptor, fcntl.LOCK_EX)
            if self._is_still(descriptor):
                break
            os.close(descriptor)
        try:
            yield
        finally:
            os.close(descriptor)

    def _is_still(self, descriptor: int) -> bool:
        # While we waited, a `down` may have removed the folder that we hold.
        try:
            return os.stat(self.path).st_ino == os.fstat(descriptor).st_ino
        except FileNotFoundError:
            return False
