"""Plays the consumer of one queue: receives what is visible, decides as Panther would, says what becomes of it."""

import collections
import dataclasses
import json
from typing import Iterator

from . import s3
from .aws import Account, AwsError
from .consumer import Outcome, decide, decide_rules
from .functions.tables import plain
from .seed import plan
from .seed.accounts import Accounts
from .seed.source_table import TABLE
from .seed.tables import rows
from .state import Record

BATCH = 10
# Longer than any run takes: what was looked at must not come a second time.
HOLD_SECONDS = 3600
ARCHIVED = ("GLACIER", "DEEP_ARCHIVE")
SHOWN_ERRORS = 10


def run(record: Record, queue: str, delete: bool, form: str) -> int:
    """Prints in the form `text`, `json` (a summary) or `jsonl` (a line per object); 1 when the consumer would fail."""
    account = Account(record)
    url = _queue_url(account, queue)
    judge = Judge(account)
    lines, held, failures = [], [], 0
    for batch in receive_all(account, url):
        done = []
        for message in batch:
            outcomes = judge.outcomes(queue, message)
            lines += [dataclasses.asdict(outcome) | {"message_id": message["MessageId"]} for outcome in outcomes]
            failed = any(outcome.outcome == "error" for outcome in outcomes)
            failures += failed
            (held if failed or not delete else done).append(message)
        # At once, not at the end: a shorter queue is a faster one.
        _delete(account, url, done)
    release(account, url, held)
    _show(queue, lines, form)
    return 1 if failures else 0


def _queue_url(account: Account, queue: str) -> str:
    try:
        return account.json("sqs", "GetQueueUrl", QueueName=queue)["QueueUrl"]
    except AwsError as error:
        raise AwsError(error.status, error.code, f"there is no queue `{queue}`") from None


class Judge:
    """Decides by the sources of the deployment, and looks whether the object is there to be read."""

    def __init__(self, account: Account):
        self._accounts = Accounts(account.record)
        self.sources = [_complete({name: plain(value) for name, value in row.items()}) for row in rows(account, TABLE)]
        self._objects: dict[str, dict[str, str]] = {}

    def outcomes(self, queue: str, message: dict) -> list[Outcome]:
        """What becomes of the objects of one message."""
        attributes = message.get("MessageAttributes") or {}
        decided = (decide_rules(message["Body"], attributes) if queue.startswith(plan.RULES_QUEUE)
                   else decide(message["Body"], attributes, self.sources))
        return [self._read(outcome) if outcome.outcome == "ingested" else outcome for outcome in decided]

    def _read(self, outcome: Outcome) -> Outcome:
        if outcome.bucket not in self._objects:
            # As the owner: whether Panther may read it is the role's business.
            listed = s3.list_existing(self._accounts.owner(outcome.bucket), outcome.bucket)
            self._objects[outcome.bucket] = {key: storage_class for key, _, storage_class in listed}
        storage_class = self._objects[outcome.bucket].get(outcome.key)
        if storage_class is None:
            return dataclasses.replace(outcome, outcome="error", reason="no such object")
        if storage_class in ARCHIVED:
            return dataclasses.replace(outcome, outcome="error", reason=f"archived in {storage_class}")
        return outcome


def _complete(source: dict) -> dict:
    # Old rows of scanned accounts do not name the bucket; the API fills it in.
    defaults = {"s3Bucket": plan.INPUT_DATA_BUCKET} if source.get("integrationType") == "aws-scan" else {}
    return defaults | source


def receive_all(account: Account, url: str) -> Iterator[list[dict]]:
    """All visible messages of a queue in batches, with all they carry; hidden until they are released or deleted."""
    while messages := account.json("sqs", "ReceiveMessage", QueueUrl=url, MaxNumberOfMessages=BATCH,
                                   VisibilityTimeout=HOLD_SECONDS, MessageAttributeNames=["All"],
                                   MessageSystemAttributeNames=["All"]).get("Messages"):
        yield messages


def _delete(account: Account, url: str, messages: list[dict]) -> None:
    for entries in _batches(messages):
        account.json("sqs", "DeleteMessageBatch", QueueUrl=url, Entries=entries)


def release(account: Account, url: str, messages: list[dict]) -> None:
    """Makes received messages visible again."""
    for entries in _batches(messages):
        account.json("sqs", "ChangeMessageVisibilityBatch", QueueUrl=url,
                     Entries=[entry | {"VisibilityTimeout": 0} for entry in entries])


def _batches(messages: list[dict]) -> Iterator[list[dict]]:
    for start in range(0, len(messages), BATCH):
        yield [{"Id": str(number), "ReceiptHandle": message["ReceiptHandle"]}
               for number, message in enumerate(messages[start:start + BATCH])]


def _show(queue: str, lines: list[dict], form: str) -> None:
    if form == "jsonl":
        for line in lines:
            print(json.dumps(line))
        return
    summary = summarize(queue, lines)
    if form == "json":
        print(json.dumps(summary, indent=1))
        return
    for name, value in summary.items():
        print(f"{name}\t{json.dumps(value) if isinstance(value, (dict, list)) else value}")


def summarize(queue: str, lines: list[dict]) -> dict:
    """Counts of messages, objects, outcomes and repetitions."""
    ingested = [(line["bucket"], line["key"]) for line in lines if line["outcome"] == "ingested"]
    return {
        "queue": queue, "messages": len({line["message_id"] for line in lines}), "objects": len(lines),
        "outcomes": dict(collections.Counter(line["outcome"] for line in lines)),
        "ingested_distinct": len(set(ingested)), "ingested_twice": len(ingested) - len(set(ingested)),
        "by_source": dict(collections.Counter(line["source_id"] for line in lines if line["source_id"])),
        "reasons": dict(collections.Counter(line["reason"] for line in lines if line["reason"])),
        "errors": [line for line in lines if line["outcome"] == "error"][:SHOWN_ERRORS],
    }
