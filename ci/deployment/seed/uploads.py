"""Puts objects into buckets, many in a request and only where needed."""

import base64
import json
from typing import Iterable

from .. import s3
from ..aws import Account
from ..emulator_path import PATH
from .accounts import Accounts
from .log_objects import LogObject

# Half a megabyte or less in a request.
BATCH = 500


def reconcile(accounts: Accounts, buckets: Iterable[str], objects: Iterable[LogObject]) -> None:
    """Makes `buckets` hold exactly these objects, which are all in one of them."""
    wanted: dict[str, dict[str, LogObject]] = {bucket: {} for bucket in buckets}
    for item in objects:
        wanted[item.bucket][item.key] = item
    for bucket, by_key in wanted.items():
        owner = accounts.owner(bucket)
        found = {key: size for key, size, _ in s3.list_objects(owner, bucket)}
        _put_all(owner, [item for key, item in by_key.items() if found.get(key) != len(item.body)])
        s3.delete_objects(owner, bucket, sorted(found.keys() - by_key.keys()))


def _put_all(owner: Account, items: list[LogObject]) -> None:
    for start in range(0, len(items), BATCH):
        objects = [(item.bucket, item.key, item.storage_class, base64.b64encode(item.body).decode())
                   for item in items[start:start + BATCH]]
        owner.rest("s3", "PUT", PATH, json.dumps(
            {"account": owner.identifier, "region": owner.region, "objects": objects}).encode())
