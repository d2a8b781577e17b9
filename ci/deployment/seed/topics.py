"""The topics, who is subscribed to them, and by which filter."""

import json

from . import plan
from .aws import Accounts

# Queue and filter policy; all three take the message without SNS's envelope.
PROCESSED_DATA_SUBSCRIBERS = [
    (plan.DATA_CATALOG_QUEUE, {"type": ["LogData", "RuleMatches", "RuleErrors", "CloudSecurity"]}),
    (plan.RULES_QUEUE, {"type": ["LogData", "CloudSecurity"]}),
    (plan.AWS_EVENTS_QUEUE, {"type": ["LogData"], "id": ["AWS.CloudTrail"]}),
]
OTHER_TOPICS = ("panther-cw-alarms", "panther-auditlog-processing")


def seed(accounts: Accounts) -> None:
    """Creates topics and subscriptions; both calls of SNS give back what exists already."""
    sns = accounts.client("sns")
    encrypted = {"KmsMasterKeyId": plan.KMS_ALIAS}
    processed = sns.create_topic(Name=plan.PROCESSED_DATA_TOPIC, Attributes=encrypted)["TopicArn"]
    for queue, wanted in PROCESSED_DATA_SUBSCRIBERS:
        _subscribe(sns, processed, queue, {"RawMessageDelivery": "true", "FilterPolicy": json.dumps(wanted)})
    staged = sns.create_topic(Name=plan.INPUT_DATA_TOPIC, Attributes=encrypted)["TopicArn"]
    _subscribe(sns, staged, plan.INPUT_QUEUE, {})
    for name in OTHER_TOPICS:
        sns.create_topic(Name=name)
    for account in (plan.CUSTOMER_ACCOUNT, plan.SUBSIDIARY_ACCOUNT):
        theirs = accounts.client("sns", account)
        _subscribe(theirs, theirs.create_topic(Name=plan.CUSTOMER_TOPIC)["TopicArn"], plan.INPUT_QUEUE, {})


def _subscribe(sns, topic: str, queue: str, attributes: dict[str, str]) -> None:
    endpoint = plan.queue_arn(queue)
    existing = sns.list_subscriptions_by_topic(TopicArn=topic).get("Subscriptions", [])
    if endpoint not in (subscription["Endpoint"] for subscription in existing):
        sns.subscribe(TopicArn=topic, Protocol="sqs", Endpoint=endpoint, Attributes=attributes)
