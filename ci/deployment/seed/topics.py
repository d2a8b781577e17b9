"""The topics, who may publish and subscribe, who is subscribed, and by which filter."""

import json

from ..aws import Account, entries
from ..state import PANTHER_ACCOUNT
from . import plan, queues
from .accounts import Accounts

# Queue and filter policy; all take the message without SNS's envelope.
PROCESSED_DATA_SUBSCRIBERS = [
    (plan.DATA_CATALOG_QUEUE, {"type": ["LogData", "RuleMatches", "RuleErrors", "CloudSecurity"]}),
    (plan.RULES_QUEUE, {"type": ["LogData", "CloudSecurity"]}),
    (plan.AWS_EVENTS_QUEUE, {"type": ["LogData"], "id": ["AWS.CloudTrail"]}),
    # As a data warehouse subscribes: to everything.
    (plan.WAREHOUSE_QUEUE, None),
]
OTHER_TOPICS = ("panther-cw-alarms", "panther-auditlog-processing")


def seed(accounts: Accounts, planted: bool) -> None:
    """Creates topics and subscriptions, and says who may use them."""
    panther = accounts.panther
    processed = _create(panther, plan.PROCESSED_DATA_TOPIC, KmsMasterKeyId=plan.KMS_ALIAS)
    queues.put(panther, plan.WAREHOUSE_QUEUE, Policy=json.dumps(queues.policy(plan.WAREHOUSE_QUEUE)))
    for queue, wanted in PROCESSED_DATA_SUBSCRIBERS:
        filtered = {"FilterPolicy": json.dumps(wanted)} if wanted else {}
        _subscribe(panther, processed, queue, {"RawMessageDelivery": "true"} | filtered)
    staged = _create(panther, plan.INPUT_DATA_TOPIC, KmsMasterKeyId=plan.KMS_ALIAS)
    _let_services_publish(panther, staged)
    _subscribe(panther, staged, plan.INPUT_QUEUE, {})
    for name in OTHER_TOPICS:
        _create(panther, name)
    buckets = plan.ALL_CUSTOMER_BUCKETS if planted else plan.CUSTOMER_BUCKETS
    for owner, region in sorted({(bucket.owner, bucket.region) for bucket in buckets.values()}):
        _seed_customer(accounts.of(owner, region))
    if planted:
        _let_services_publish(accounts.of(plan.CUSTOMER_ACCOUNT),
                              _create(accounts.of(plan.CUSTOMER_ACCOUNT), plan.STRANGE_TOPIC))


def _seed_customer(theirs: Account) -> None:
    topic = _create(theirs, plan.CUSTOMER_TOPIC)
    _let_services_publish(theirs, topic, {
        "Sid": "AllowSubscriptionToPanther", "Effect": "Allow", "Action": "sns:Subscribe", "Resource": topic,
        "Principal": {"AWS": f"arn:aws:iam::{PANTHER_ACCOUNT}:root"}})
    if theirs.region != plan.SILENT_REGION:
        _subscribe(theirs, topic, plan.INPUT_QUEUE, {})


def _let_services_publish(owner: Account, topic: str, *more: dict) -> None:
    statements = [{"Sid": sid, "Effect": "Allow", "Action": "sns:Publish", "Resource": topic,
                   "Principal": {"Service": f"{service}.amazonaws.com"}}
                  for sid, service in (("AllowS3EventNotifications", "s3"), ("AllowCloudTrailNotification", "cloudtrail"))]
    policy = {"Version": "2012-10-17", "Statement": [*statements, *more]}
    owner.query("sns", "SetTopicAttributes", TopicArn=topic, AttributeName="Policy",
                AttributeValue=json.dumps(policy))


def _create(account: Account, name: str, **attributes: str) -> str:
    return account.query("sns", "CreateTopic", Name=name, **entries("Attributes", attributes)).findtext(".//TopicArn")


def _subscribe(account: Account, topic: str, queue: str, attributes: dict[str, str]) -> None:
    endpoint = plan.queue_arn(queue)
    existing = account.query("sns", "ListSubscriptionsByTopic", TopicArn=topic)
    if endpoint not in (element.text for element in existing.iter("Endpoint")):
        account.query("sns", "Subscribe", TopicArn=topic, Protocol="sqs", Endpoint=endpoint,
                      **entries("Attributes", attributes))
