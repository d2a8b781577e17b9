"""What lies in the customers' buckets: the shapes of keys that log sources have, and the odd ones among them."""

import dataclasses
import gzip
import json
import random
import uuid
from typing import Iterator

from . import faults, plan

SEED = 20260314
REGIONS = ("ap-southeast-2", "eu-central-1", "us-east-1")
SERVICES = ("api", "worker", "webhooks")
BODIES = 12
# Characters that percent-coding, URL parsing or XML get wrong; as AWS allows them in a key.
ODD_NAMES = ("a b.log", "a+b.log", "100%.log", "a%20b.log", "ü/日本.json.gz", "x=1/y&z<q>.gz", "new\nline.log",
             "what?#.log")


@dataclasses.dataclass(frozen=True)
class LogObject:
    """One object to be in a bucket."""

    bucket: str
    key: str
    body: bytes
    storage_class: str = "STANDARD"


def all_objects(size: plan.Size, broken: bool) -> Iterator[LogObject]:
    """Every object of the customers' buckets."""
    yield from cloudtrail(size.cloudtrail)
    yield from flow_logs(size.flow_logs)
    yield from hourly(plan.APPLICATION_BUCKET, "payments/", size.payments)
    yield from hourly(plan.RESTRICTED_BUCKET, "", size.restricted)
    yield from hourly(plan.SUBSIDIARY_BUCKET, "logs/", size.restricted // 3)
    yield from uncovered(size.uncovered)
    yield from odd("odd/")
    yield from archived()
    if broken:
        yield from unnotified(size.unnotified)


def cloudtrail(count: int) -> Iterator[LogObject]:
    """AWSLogs/account/CloudTrail/region/yyyy/mm/dd, and digest files beside them, which the source excludes."""
    rng = random.Random(SEED)
    bodies = _bodies(rng, lambda text: json.dumps({"Records": [{"eventName": text, "eventVersion": "1.08"}]}))
    account = plan.CUSTOMER_ACCOUNT
    for number in range(count):
        region, day = REGIONS[number % len(REGIONS)], rng.randrange(1, 15)
        stamp = f"202603{day:02}T{rng.randrange(24):02}{5 * rng.randrange(12):02}Z"
        name = f"{account}_CloudTrail_{region}_{stamp}_{_letters(rng, 16)}.json.gz"
        yield LogObject(plan.CLOUDTRAIL_BUCKET, f"AWSLogs/{account}/CloudTrail/{region}/2026/03/{day:02}/{name}",
                        rng.choice(bodies))
    for number in range(max(1, count // 50)):
        name = f"{account}_CloudTrail-Digest_us-east-1_trail_us-east-1_20260314T{number % 24:02}{number % 60:02}30Z.json.gz"
        yield LogObject(plan.CLOUDTRAIL_BUCKET, f"AWSLogs/{account}/CloudTrail-Digest/us-east-1/2026/03/14/{name}",
                        bodies[0])
    # The folder that a console makes.
    yield LogObject(plan.CLOUDTRAIL_BUCKET, f"AWSLogs/{account}/CloudTrail/", b"")


def flow_logs(count: int) -> Iterator[LogObject]:
    """One large flat level of names without order."""
    rng = random.Random(SEED + 1)
    bodies = _bodies(rng, lambda text: f"2 {plan.CUSTOMER_ACCOUNT} eni-{text} 10.0.0.1 10.0.0.2 443 49152 6 ACCEPT OK")
    for _ in range(count):
        name = uuid.UUID(int=rng.getrandbits(128), version=4)
        yield LogObject(plan.FLOW_LOG_BUCKET, f"{name}.log.gz", rng.choice(bodies))


def hourly(bucket: str, prefix: str, count: int) -> Iterator[LogObject]:
    """Partitions by hour, several writers in each."""
    rng = random.Random(f"{SEED}{bucket}{prefix}")
    bodies = _bodies(rng, lambda text: json.dumps({"time": "2026-03-14T09:26:53Z", "message": text}))
    for number in range(count):
        day, hour = 1 + number * 14 // count, rng.randrange(24)
        name = f"{rng.choice(SERVICES)}-{number:05}-{_letters(rng, 8).lower()}.json.gz"
        yield LogObject(bucket, f"{prefix}year=2026/month=03/day={day:02}/hour={hour:02}/{name}", rng.choice(bodies))


def uncovered(count: int) -> Iterator[LogObject]:
    """A prefix for which there is no source: the log processor drops what is notified from there."""
    for number in range(count):
        yield LogObject(plan.CLOUDTRAIL_BUCKET, f"exports/2026-03/report-{number:04}.csv.gz",
                        compressed(f"line,{number}"))


def odd(prefix: str) -> Iterator[LogObject]:
    """Odd names, and objects that are no logs: empty ones, and ones whose key ends in a slash."""
    for name in ODD_NAMES:
        yield LogObject(plan.APPLICATION_BUCKET, prefix + name, compressed(name))
    yield LogObject(plan.APPLICATION_BUCKET, prefix + "empty.log", b"")
    yield LogObject(plan.APPLICATION_BUCKET, prefix + "empty-folder/", b"")
    yield LogObject(plan.APPLICATION_BUCKET, prefix + "folder-with-content/", b"content")


def archived() -> Iterator[LogObject]:
    """Objects that can only be read after they were restored."""
    for number, storage_class in enumerate(("GLACIER", "DEEP_ARCHIVE") * 3):
        yield LogObject(plan.APPLICATION_BUCKET, f"payments/year=2025/month=12/day=31/hour={number:02}/old.json.gz",
                        compressed(f"old {number}"), storage_class)


def planted(count: int) -> Iterator[LogObject]:
    """A few under every prefix of the faulty sources, and first a folder and an archived object where that matters."""
    for source in faults.S3_SOURCES:
        if source.bucket != plan.VANISHED_BUCKET:
            for entry in source.mappings:
                yield from hourly(source.bucket, entry["prefix"], count)
    yield LogObject(plan.BRANCH_BUCKET, "archive/", b"")
    yield LogObject(plan.BRANCH_BUCKET, "archive/year=2019/month=01/day=01/hour=00/old.json.gz", compressed("old"),
                    "GLACIER")


def unnotified(count: int) -> Iterator[LogObject]:
    """The objects of the incident, odd names among them; every one of them can be ingested."""
    for name in ODD_NAMES:
        yield LogObject(plan.APPLICATION_BUCKET, f"{plan.UNNOTIFIED_PREFIX}year=2026/imported/{name}", compressed(name))
    yield from hourly(plan.APPLICATION_BUCKET, plan.UNNOTIFIED_PREFIX, count - len(ODD_NAMES))


def _bodies(rng: random.Random, line) -> list[bytes]:
    # A few different sizes are enough; compressing each object by itself would take most of the time.
    return [compressed("\n".join(line(_letters(rng, 24)) for _ in range(1 + 3 * number))) for number in range(BODIES)]


def compressed(text: str) -> bytes:
    """The same bytes for the same text, at any time."""
    return gzip.compress(text.encode(), mtime=0)


def _letters(rng: random.Random, count: int) -> str:
    return "".join(rng.choices("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789", k=count))
