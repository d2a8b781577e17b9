"""The state of a deployment for a person: what waits in which queue, and what lies under which prefix of which source."""

import collections
import json

from . import s3
from .aws import Account
from .consume import Judge
from .consumer import mappings
from .seed.accounts import Accounts
from .seed.plan import ALL_CUSTOMER_BUCKETS, WAREHOUSE_QUEUE
from .state import Record

COUNTERS = {"visible": "ApproximateNumberOfMessages", "in_flight": "ApproximateNumberOfMessagesNotVisible",
            "delayed": "ApproximateNumberOfMessagesDelayed"}


def run(record: Record, as_json: bool) -> None:
    """Prints two tables, or one JSON object."""
    account = Account(record)
    state = {"queues": queues(account), "prefixes": prefixes(account)}
    if as_json:
        print(json.dumps(state, indent=1))
        return
    _table(("QUEUE", "VISIBLE", "IN FLIGHT", "DELAYED"), state["queues"])
    print()
    _table(("BUCKET", "PREFIX", "SOURCE", "OBJECTS", "BYTES"), state["prefixes"])


def queues(account: Account) -> list[dict]:
    """Every queue of the deployment with its counters, by name."""
    found = []
    listed = account.json("sqs", "ListQueues", QueueNamePrefix="panther-").get("QueueUrls", [])
    for url in (*listed, account.json("sqs", "GetQueueUrl", QueueName=WAREHOUSE_QUEUE)["QueueUrl"]):
        counters = account.json("sqs", "GetQueueAttributes", QueueUrl=url,
                                AttributeNames=list(COUNTERS.values()))["Attributes"]
        found.append({"queue": url.rpartition("/")[2]} | {name: int(counters[key]) for name, key in COUNTERS.items()})
    return sorted(found, key=lambda queue: queue["queue"])


def prefixes(account: Account) -> list[dict]:
    """The objects of the customers' buckets, counted by the prefix of the source that takes them, if any."""
    table = mappings(Judge(account).sources)
    counted: collections.Counter = collections.Counter()
    weighed: collections.Counter = collections.Counter()
    accounts = Accounts(account.record)
    for bucket in ALL_CUSTOMER_BUCKETS:
        for key, size, _ in s3.list_existing(accounts.owner(bucket), bucket):
            mapping = next((mapping for mapping in table if mapping.covers(bucket, key)), None)
            place = (bucket, mapping.prefix, mapping.label) if mapping else (bucket, _first_part(key), "")
            counted[place] += 1
            weighed[place] += size
    return [dict(zip(("bucket", "prefix", "source"), place)) | {"objects": counted[place], "bytes": weighed[place]}
            for place in sorted(counted)]


def _first_part(key: str) -> str:
    return key.partition("/")[0] + "/"


def _table(header: tuple[str, ...], rows: list[dict]) -> None:
    cells = [header, *(tuple(f"{value:,}" if isinstance(value, int) else value or "-" for value in row.values())
                       for row in rows)]
    widths = [max(map(len, column)) for column in zip(*cells)]
    numeric = [isinstance(value, int) for value in rows[0].values()] if rows else [False] * len(header)
    for line in cells:
        print("  ".join(text.rjust(width) if number else text.ljust(width)
                        for text, width, number in zip(line, widths, numeric)).rstrip())
