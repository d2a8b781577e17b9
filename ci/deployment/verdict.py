"""What the drill must have come to: every message and every object exactly where it should be, once."""

import base64
import json

from . import restoration
from .aws import Account
from .comparison import SHOWN, same
from .consume import Judge, receive_all, release
from .seed import breakage, plan, queues
from .seed.log_objects import unnotified
from .state import Record

TRACE = "AWSTraceHeader"
COUNTS = ("ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible", "ApproximateNumberOfMessagesDelayed")


def check(record: Record, size: plan.Size) -> int:
    """Compares what is there with what should be; prints a line each, and returns 0 when all is right."""
    account = Account(record)
    watched = (plan.INPUT_QUEUE, plan.RULES_QUEUE, plan.DATA_CATALOG_QUEUE, plan.WAREHOUSE_QUEUE)
    arrived = {queue: messages_in(account, queue) for queue in watched}
    dead = {plan.INPUT_QUEUE: breakage.input_messages(size), plan.RULES_QUEUE: breakage.rules_messages(size)}
    bodies = {message["MessageBody"] for messages in dead.values() for message in messages}
    returned = {queue: [one for one in messages if one["Body"] in bodies] for queue, messages in arrived.items()}
    told = {queue: [one for one in messages if one["Body"] not in bodies] for queue, messages in arrived.items()}
    results = [
        same(f"messages back in {plan.INPUT_QUEUE}", (message["MessageBody"] for message in dead[plan.INPUT_QUEUE]),
             (message["Body"] for message in returned[plan.INPUT_QUEUE])),
        same(f"messages back in {plan.RULES_QUEUE}, with every attribute",
             map(_expected, dead[plan.RULES_QUEUE]), map(_whole, returned[plan.RULES_QUEUE])),
        *(_empty(account, queues.dead_letter_name(queue)) for queue in dead),
        same("objects that Panther now reads, by its own rules",
             ((item.bucket, item.key) for item in unnotified(size.unnotified)),
             _ingested(account, told[plan.INPUT_QUEUE])),
        *restoration.check(account, size, told),
    ]
    good = all(results)
    print("\nEverything arrived exactly where it should, nothing twice." if good else "\nSomething is not as it should be.")
    return 0 if good else 1


def messages_in(account: Account, queue: str) -> list[dict]:
    """All messages of a queue; they stay in it."""
    url = account.json("sqs", "GetQueueUrl", QueueName=queue)["QueueUrl"]
    messages = [message for batch in receive_all(account, url) for message in batch]
    release(account, url, messages)
    return messages


def _ingested(account: Account, messages: list[dict]) -> list[tuple[str, str]]:
    """The objects that the log processor would read, in its own judgement."""
    judge = Judge(account)
    outcomes = [outcome for message in messages for outcome in judge.outcomes(plan.INPUT_QUEUE, message)]
    for outcome in [outcome for outcome in outcomes if outcome.outcome != "ingested"][:SHOWN]:
        print(f"  not ingested: {outcome}")
    return [(outcome.bucket, outcome.key) for outcome in outcomes if outcome.outcome == "ingested"]


def _expected(message: dict) -> str:
    """A message of the incident in a comparable form."""
    trace = message.get("MessageSystemAttributes", {}).get(TRACE, {}).get("StringValue")
    return _comparable(message["MessageBody"], message["MessageAttributes"], trace)


def _whole(message: dict) -> str:
    """A received message in the same form."""
    return _comparable(message["Body"], message.get("MessageAttributes", {}), message.get("Attributes", {}).get(TRACE))


def _comparable(body: str, attributes: dict, trace: str | None) -> str:
    def value(attribute: dict) -> str:
        data = attribute.get("BinaryValue", attribute.get("StringValue"))
        return base64.b64encode(data).decode() if isinstance(data, bytes) else data
    plain = {name: [attribute["DataType"], value(attribute)] for name, attribute in attributes.items()}
    return json.dumps([body, plain, trace], sort_keys=True)


def _empty(account: Account, queue: str) -> bool:
    url = account.json("sqs", "GetQueueUrl", QueueName=queue)["QueueUrl"]
    counts = account.json("sqs", "GetQueueAttributes", QueueUrl=url, AttributeNames=list(COUNTS))["Attributes"]
    left = sum(int(counts[name]) for name in COUNTS)
    print(f"{'ok  ' if left == 0 else 'FAIL'}  {queue} is empty: {left:,} left")
    return left == 0
