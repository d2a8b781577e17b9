"""What Panther itself has written: processed logs, rule matches, rule errors and the history of cloud resources."""

import json
import random
import uuid
from typing import Iterator

from . import plan
from .log_objects import SEED, LogObject, compressed

LOG_TYPES = ("AWS.CloudTrail", "AWS.VPCFlow", "Custom.Payments", "Okta.SystemLog")
RULES = ("AWS.Console.RootLogin", "Okta.AdminRoleAssigned")
RESOURCE_TABLES = ("compliance_history", "resource_history")


def table_name(log_type: str) -> str:
    """How Panther names the table of a log type."""
    return log_type.replace(".", "_").lower()


def log_data(count: int) -> list[tuple[LogObject, str]]:
    """Processed logs with their log types, as the rules engine is told of them."""
    rng = random.Random(SEED + 2)
    return [(_object(rng, f"logs/{table_name(log_type)}", log_type), log_type)
            for log_type in (LOG_TYPES[number % len(LOG_TYPES)] for number in range(count))]


def all_objects(size: plan.Size) -> Iterator[LogObject]:
    """Everything in the bucket of processed data."""
    yield from (item for item, _ in log_data(size.processed))
    rng = random.Random(SEED + 3)
    for number in range(size.processed // 10):
        log_type, rule = LOG_TYPES[number % len(LOG_TYPES)], RULES[number % len(RULES)]
        for kind in ("rules", "rule_errors"):
            yield _object(rng, f"{kind}/{table_name(log_type)}", log_type, f"rule_id={rule}/")
        yield _object(rng, f"cloud_security/{RESOURCE_TABLES[number % 2]}", "Resource.History")


def _object(rng: random.Random, table: str, log_type: str, below: str = "") -> LogObject:
    day, hour = rng.randrange(1, 15), rng.randrange(24)
    name = f"202603{day:02}T{hour:02}0000Z-{uuid.UUID(int=rng.getrandbits(128), version=4)}.json.gz"
    body = compressed(json.dumps({"p_log_type": log_type, "p_event_time": f"2026-03-{day:02} {hour:02}:00:00.000000000"}))
    return LogObject(plan.PROCESSED_DATA_BUCKET,
                     f"{table}/year=2026/month=03/day={day:02}/hour={hour:02}/{below}{name}", body)
