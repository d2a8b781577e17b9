"""The queues with their dead-letter queues, and who may send to them."""

import json

from ..aws import Account
from . import plan
from .accounts import Accounts

DAY = 86_400
DEFAULT_RETENTION = 4 * DAY
DEAD_LETTER_RETENTION = 14 * DAY
# Queues made before SQS raised its limit keep this one.
MAXIMUM_MESSAGE_SIZE = 262_144
# Name, visibility (the consumer's time-out) in seconds, receives before the dead-letter queue, retention in seconds.
QUEUES = [
    (plan.INPUT_QUEUE, 900, 4, DEFAULT_RETENTION),
    (plan.RULES_QUEUE, 900, 10, DEFAULT_RETENTION),
    (plan.DATA_CATALOG_QUEUE, 900, 10, DEFAULT_RETENTION),
    (plan.AWS_EVENTS_QUEUE, 120, 10, DAY),
    ("panther-snapshot-queue", 900, 10, DEFAULT_RETENTION),
    ("panther-resources-queue", 180, 10, DAY),
    ("panther-remediation-queue", 120, 10, 14 * DAY),
    ("panther-alert-processor-queue", 60, 10, 14 * DAY),
    ("panther-alerts-queue", 60, 10, 3 * DAY),
    ("panther-layer-manager-queue", 60, 10, DAY),
]


def dead_letter_name(queue: str) -> str:
    """One queue's name follows an older rule."""
    return "panther-datacatalog-updater-dlq" if queue == plan.DATA_CATALOG_QUEUE else f"{queue}-dlq"


def redrive_policy(queue: str, receives: int) -> str:
    """The attribute by which SQS gives a message up after so many receives."""
    return json.dumps({"deadLetterTargetArn": plan.queue_arn(dead_letter_name(queue)), "maxReceiveCount": receives})


def seed(accounts: Accounts) -> None:
    """Creates what is missing, sets every attribute, and empties every queue."""
    panther = accounts.panther
    for name, visibility, receives, retention in QUEUES:
        put(panther, dead_letter_name(name), MessageRetentionPeriod=DEAD_LETTER_RETENTION)
        put(panther, name, VisibilityTimeout=visibility, MessageRetentionPeriod=retention,
             KmsMasterKeyId=plan.KMS_ALIAS, RedrivePolicy=redrive_policy(name, receives),
             Policy=json.dumps(policy(name)))


def empty(accounts: Accounts) -> None:
    """Takes out whatever lies in the queues: notifications of the seeding itself, or what was left by a use."""
    listed = accounts.panther.json("sqs", "ListQueues", QueueNamePrefix="panther-").get("QueueUrls", [])
    warehouse = accounts.panther.json("sqs", "GetQueueUrl", QueueName=plan.WAREHOUSE_QUEUE)["QueueUrl"]
    for url in (*listed, warehouse):
        accounts.panther.json("sqs", "PurgeQueue", QueueUrl=url)


def put(panther: Account, name: str, **attributes) -> str:
    """Makes one queue what it should be; returns its URL."""
    # Attributes apart from the creation, which fails when a queue of other attributes exists.
    url = panther.json("sqs", "CreateQueue", QueueName=name)["QueueUrl"]
    texts = {key: str(value) for key, value in attributes.items()}
    panther.json("sqs", "SetQueueAttributes", QueueUrl=url,
                 Attributes={"MaximumMessageSize": str(MAXIMUM_MESSAGE_SIZE)} | texts)
    return url


def policy(queue: str) -> dict:
    """Which topics may send to a queue; each customer's account has a statement of its own."""
    topics = {
        plan.INPUT_QUEUE: [
            ("PantherInputDataBucket", plan.topic_arn(plan.INPUT_DATA_TOPIC)),
            *((f"PantherSubscriptionSID-{account}", f"arn:aws:sns:*:{account}:*")
              for account in (plan.CUSTOMER_ACCOUNT, plan.SUBSIDIARY_ACCOUNT))],
    }.get(queue, [("PantherProcessedData", plan.topic_arn(plan.PROCESSED_DATA_TOPIC))])
    return {"Version": "2012-10-17", "Statement": [
        {"Sid": sid, "Effect": "Allow", "Principal": {"Service": "sns.amazonaws.com"}, "Action": "sqs:SendMessage",
         "Resource": plan.queue_arn(queue), "Condition": {"ArnLike": {"aws:SourceArn": source}}}
        for sid, source in topics]}
