"""The incident: messages in two dead-letter queues. (The objects that were never notified are in `log_objects`.)

The messages get there as in life: they are sent to the queue, received too often, and moved by SQS itself, so that they
carry the mark of where they came from.
"""

import itertools
import json
import urllib.parse
import uuid

from ..aws import Account
from ..state import REGION
from . import plan, queues
from .accounts import Accounts
from .log_objects import LogObject, cloudtrail
from .processed_objects import log_data

BATCH = 10
FAILED_AT = "2026-03-14T09:26:53.000Z"
TRACE = "Root=1-65f2c0a1-{:024x};Parent=53995c3f42cd8ad8;Sampled=1"
# Every so many messages of the rules engine's queue have attributes of other types, or a trace header.
MORE_ATTRIBUTES_EVERY, TRACE_EVERY = 10, 7
_NAMESPACE = uuid.UUID("0b5a3d1e-7d0a-4b8c-9b1f-2f6b1c9d8e70")


def seed(accounts: Accounts, size: plan.Size) -> None:
    """Fills both dead-letter queues; expects them, and their queues, to be empty."""
    receives = {name: count for name, _, count, _ in queues.QUEUES}
    for queue, messages in ((plan.INPUT_QUEUE, input_messages(size)), (plan.RULES_QUEUE, rules_messages(size))):
        _kill(accounts.panther, queue, messages, receives[queue])


def input_messages(size: plan.Size) -> list[dict]:
    """Notifications of S3 in the envelope of SNS, each of another object of the CloudTrail source."""
    # Without the digest files and the folder, which come last and are not ingested.
    objects = list(itertools.islice(cloudtrail(size.cloudtrail), size.dead_letters))
    return [{"MessageBody": json.dumps(_envelope(item))} for item in objects]


def rules_messages(size: plan.Size) -> list[dict]:
    """Events of S3 without an envelope, with the attributes by which the topic filters and the consumer works."""
    return [_rules_message(number, item, log_type)
            for number, (item, log_type) in enumerate(log_data(size.processed)[:size.dead_letters])]


def _rules_message(number: int, item: LogObject, log_type: str) -> dict:
    attributes = {"id": _text(log_type), "type": _text("LogData")}
    if number % MORE_ATTRIBUTES_EVERY == 0:
        attributes["attempt"] = {"DataType": "Number", "StringValue": str(number)}
        attributes["digest"] = {"DataType": "Binary", "BinaryValue": uuid.uuid5(_NAMESPACE, item.key).bytes}
    message = {"MessageBody": json.dumps(_event(item, item.key)), "MessageAttributes": attributes}
    if number % TRACE_EVERY == 0:
        message["MessageSystemAttributes"] = {"AWSTraceHeader": _text(TRACE.format(number))}
    return message


def _text(value: str) -> dict:
    return {"DataType": "String", "StringValue": value}


def _envelope(item: LogObject) -> dict:
    topic = plan.topic_arn(plan.CUSTOMER_TOPIC, plan.CUSTOMER_ACCOUNT)
    return {"Type": "Notification", "MessageId": str(uuid.uuid5(_NAMESPACE, item.key)), "TopicArn": topic,
            "Subject": "Amazon S3 Notification", "Timestamp": FAILED_AT, "SignatureVersion": "1", "Signature": "",
            "Message": json.dumps(_event(item, urllib.parse.quote(item.key, safe="/-_.~"))),
            "SigningCertURL": "", "UnsubscribeURL": ""}


def _event(item: LogObject, key: str) -> dict:
    return {"Records": [{
        "eventVersion": "2.1", "eventSource": "aws:s3", "awsRegion": REGION, "eventTime": FAILED_AT,
        "eventName": "ObjectCreated:Put", "userIdentity": {"principalId": "EXAMPLE"},
        "requestParameters": {"sourceIPAddress": "192.0.2.1"}, "responseElements": {},
        "s3": {"s3SchemaVersion": "1.0", "configurationId": "panther",
               "bucket": {"name": item.bucket, "ownerIdentity": {"principalId": "EXAMPLE"},
                          "arn": f"arn:aws:s3:::{item.bucket}"},
               "object": {"key": key, "size": len(item.body), "eTag": "", "sequencer": ""}}}]}


def _kill(panther: Account, queue: str, messages: list[dict], receives: int) -> None:
    url = panther.json("sqs", "GetQueueUrl", QueueName=queue)["QueueUrl"]

    def set_receives(count: int) -> None:
        panther.json("sqs", "SetQueueAttributes", QueueUrl=url,
                     Attributes={"RedrivePolicy": queues.redrive_policy(queue, count)})

    # One receive instead of several is enough to die of, while we are at it.
    set_receives(1)
    for start in range(0, len(messages), BATCH):
        entries = [{"Id": str(number), **message} for number, message in enumerate(messages[start:start + BATCH])]
        failed = panther.json("sqs", "SendMessageBatch", QueueUrl=url, Entries=entries).get("Failed")
        if failed:
            raise RuntimeError(f"{queue}: {failed}")
    while panther.json("sqs", "ReceiveMessage", QueueUrl=url, MaxNumberOfMessages=BATCH,
                       VisibilityTimeout=0).get("Messages"):
        pass
    set_receives(receives)
