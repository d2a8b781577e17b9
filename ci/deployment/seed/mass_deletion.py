"""The third part of the incident: a script deleted a table of processed data, beside what had been deleted on purpose.

A bucket that keeps versions loses nothing: each deletion put a marker above the object. Those of the script have to go;
those of the retention job, days before, have to stay, also where the script struck again. All of it is in one table of
log data and in the matches of one rule in it.
"""

import base64
import dataclasses
import datetime
import json
import random
import uuid

from ..emulator_path import HISTORIES
from . import plan
from .accounts import Accounts
from .log_objects import SEED, compressed
from .processed_objects import table_name

LOG_TYPE, RULE = "Custom.Checkout", "Checkout.LargeRefund"
# When the script ran, in UTC; the operator knows it from the script's log.
SINCE, UNTIL = "2026-03-14T11:00:00Z", "2026-03-14T11:05:00Z"
_STARTED = datetime.datetime(2026, 3, 14, 11, 0, 2)
_SCRIPT_SECONDS = 240
_RETENTION = datetime.datetime(2026, 3, 10, 2, 0, 0)
_RETURNED = datetime.datetime(2026, 3, 12, 8, 30, 0)
_AFTERWARDS = datetime.datetime(2026, 3, 14, 18, 15, 0)
# Out of so many objects one is a rule match.
_MATCH_EVERY = 6
# Keys of each of the rarer kinds.
_FEW = 5
_BATCH = 500
_NAMESPACE = uuid.UUID("3b0f6f0a-2f0e-4ab4-9a1f-5a1c8f1f7d52")


@dataclasses.dataclass(frozen=True)
class Event:
    """Something that happened to a key: an object was put, or (without a body) a delete marker."""

    time: datetime.datetime
    version: str
    body: bytes | None


@dataclasses.dataclass(frozen=True)
class History:
    """What happened to a key, oldest first; `shows` is the version that it has to show in the end, empty for none."""

    key: str
    kind: str
    events: tuple[Event, ...]
    shows: str

    def restored(self) -> bool:
        """Whether the script took it, and undoing brings it back."""
        return bool(self.shows) and self.events[-1].body is None

    def data_versions(self) -> list[str]:
        """What must never be lost."""
        return [event.version for event in self.events if event.body is not None]

    def size(self) -> int:
        """Bytes of the object that it shows in the end."""
        return next((len(event.body) for event in self.events if event.version == self.shows and event.body), 0)


def histories(size: plan.Size) -> list[History]:
    """Every key of the incident, the same at each call."""
    rng = random.Random(SEED + 7)
    kinds = ["deleted"] * size.deleted + ["retired"] * size.retired
    kinds += [kind for kind in ("retired, struck again", "returned", "rewritten", "struck twice", "deleted later on")
              for _ in range(_FEW)]
    return [_history(rng, number, kind) for number, kind in enumerate(kinds)]


def seed(accounts: Accounts, size: plan.Size) -> None:
    """Plays it, on the days on which it happened."""
    everything = histories(size)
    for start in range(0, len(everything), _BATCH):
        accounts.panther.rest("s3", "PUT", HISTORIES, json.dumps({
            "account": accounts.panther.identifier, "region": accounts.panther.region,
            "bucket": plan.PROCESSED_DATA_BUCKET,
            "histories": {one.key: [_written(event) for event in one.events]
                          for one in everything[start:start + _BATCH]}}).encode())


def _written(event: Event) -> tuple[str, str, str | None]:
    body = None if event.body is None else base64.b64encode(event.body).decode()
    return f"{event.time.isoformat()}.000Z", event.version, body


def _history(rng: random.Random, number: int, kind: str) -> History:
    hour = datetime.datetime(2026, 3, rng.randrange(1, 10), rng.randrange(24))
    key = _key(rng, hour, match=number % _MATCH_EVERY == 0)
    struck = _STARTED + datetime.timedelta(seconds=rng.randrange(_SCRIPT_SECONDS))
    written, again = _put(key, 1, hour + datetime.timedelta(minutes=7)), _put(key, 2, _RETURNED)
    script, retention = _delete(key, 1, struck), _delete(key, 2, _RETENTION)
    twice = _delete(key, 3, struck + datetime.timedelta(seconds=30))
    later = _delete(key, 4, _AFTERWARDS)
    events, shown = {
        "deleted": ((written, script), written), "retired": ((written, retention), None),
        "retired, struck again": ((written, retention, script), None),
        "returned": ((written, retention, again, script), again),
        "rewritten": ((written, script, _put(key, 3, _AFTERWARDS)), _put(key, 3, _AFTERWARDS)),
        "struck twice": ((written, script, twice), written), "deleted later on": ((written, script, later), None),
    }[kind]
    return History(key, kind, events, shown.version if shown else "")


def _key(rng: random.Random, hour: datetime.datetime, match: bool) -> str:
    name = f"{hour:%Y%m%dT%H0000Z}-{uuid.UUID(int=rng.getrandbits(128), version=4)}.json.gz"
    below = f"rule_id={RULE}/" if match else ""
    return (f"{'rules' if match else 'logs'}/{table_name(LOG_TYPE)}/year={hour:%Y}/month={hour:%m}/day={hour:%d}/"
            f"hour={hour:%H}/{below}{name}")


def _put(key: str, number: int, time: datetime.datetime) -> Event:
    body = compressed(json.dumps({"p_log_type": LOG_TYPE, "p_event_time": f"{time:%Y-%m-%d %H:%M:%S}.000000000"}))
    return Event(time, _version(key, f"data {number}"), body)


def _delete(key: str, number: int, time: datetime.datetime) -> Event:
    return Event(time, _version(key, f"marker {number}"), None)


def _version(key: str, name: str) -> str:
    return str(uuid.uuid5(_NAMESPACE, f"{key} {name}"))
