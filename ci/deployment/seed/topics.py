"""The topics, who is subscribed to them, and by which filter."""

import json

from ..aws import Account, entries
from . import plan
from .accounts import Accounts

# Queue and filter policy; all three take the message without SNS's envelope.
PROCESSED_DATA_SUBSCRIBERS = [
    (plan.DATA_CATALOG_QUEUE, {"type": ["LogData", "RuleMatches", "RuleErrors", "CloudSecurity"]}),
    (plan.RULES_QUEUE, {"type": ["LogData", "CloudSecurity"]}),
    (plan.AWS_EVENTS_QUEUE, {"type": ["LogData"], "id": ["AWS.CloudTrail"]}),
]
OTHER_TOPICS = ("panther-cw-alarms", "panther-auditlog-processing")


def seed(accounts: Accounts) -> None:
    """Creates topics and subscriptions; what exists already stays as it is."""
    panther = accounts.panther
    processed = _create(panther, plan.PROCESSED_DATA_TOPIC, KmsMasterKeyId=plan.KMS_ALIAS)
    for queue, wanted in PROCESSED_DATA_SUBSCRIBERS:
        _subscribe(panther, processed, queue, {"RawMessageDelivery": "true", "FilterPolicy": json.dumps(wanted)})
    staged = _create(panther, plan.INPUT_DATA_TOPIC, KmsMasterKeyId=plan.KMS_ALIAS)
    _subscribe(panther, staged, plan.INPUT_QUEUE, {})
    for name in OTHER_TOPICS:
        _create(panther, name)
    for owner, region in sorted({(bucket.owner, bucket.region) for bucket in plan.CUSTOMER_BUCKETS.values()}):
        theirs = accounts.of(owner, region)
        _subscribe(theirs, _create(theirs, plan.CUSTOMER_TOPIC), plan.INPUT_QUEUE, {})


def _create(account: Account, name: str, **attributes: str) -> str:
    return account.query("sns", "CreateTopic", Name=name, **entries("Attributes", attributes)).findtext(".//TopicArn")


def _subscribe(account: Account, topic: str, queue: str, attributes: dict[str, str]) -> None:
    endpoint = plan.queue_arn(queue)
    existing = account.query("sns", "ListSubscriptionsByTopic", TopicArn=topic)
    if endpoint not in (element.text for element in existing.iter("Endpoint")):
        account.query("sns", "Subscribe", TopicArn=topic, Protocol="sqs", Endpoint=endpoint,
                      **entries("Attributes", attributes))
