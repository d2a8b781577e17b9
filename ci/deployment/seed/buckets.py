"""Panther's buckets and those of its customers, with what a lister and a restorer meet: versions, policies, owners."""

import json

from botocore.exceptions import ClientError

from ..state import PANTHER_ACCOUNT, REGION
from . import plan
from .aws import Accounts

# Days after which current and noncurrent versions go; nothing means never.
PANTHER_BUCKETS = {
    plan.PROCESSED_DATA_BUCKET: (None, None), plan.INPUT_DATA_BUCKET: (7, 7), plan.AUDIT_LOGS_BUCKET: (365, 30),
    plan.ANALYSIS_VERSIONS_BUCKET: (None, 365), plan.SOURCE_BUCKET: (90, None),
}
# Owner, and whether the owner lets Panther's account list and read with its own identities.
CUSTOMER_BUCKETS = {
    plan.CLOUDTRAIL_BUCKET: (plan.CUSTOMER_ACCOUNT, True), plan.APPLICATION_BUCKET: (plan.CUSTOMER_ACCOUNT, True),
    plan.FLOW_LOG_BUCKET: (plan.CUSTOMER_ACCOUNT, True), plan.RESTRICTED_BUCKET: (plan.CUSTOMER_ACCOUNT, False),
    plan.SUBSIDIARY_BUCKET: (plan.SUBSIDIARY_ACCOUNT, False),
}


def seed(accounts: Accounts) -> None:
    """Creates all buckets and sets what belongs to them, except the notifications."""
    s3 = accounts.client("s3")
    for name, (current, noncurrent) in PANTHER_BUCKETS.items():
        _create(s3, name)
        s3.put_bucket_versioning(Bucket=name, VersioningConfiguration={"Status": "Enabled"})
        if current or noncurrent:
            s3.put_bucket_lifecycle_configuration(
                Bucket=name, LifecycleConfiguration={"Rules": [_expiry(current, noncurrent)]})
    s3.put_bucket_tagging(Bucket=plan.PROCESSED_DATA_BUCKET,
                          Tagging={"TagSet": [{"Key": "PantherVersion", "Value": plan.PANTHER_VERSION}]})
    for name, (owner, shared) in CUSTOMER_BUCKETS.items():
        theirs = accounts.client("s3", owner)
        _create(theirs, name)
        if shared:
            theirs.put_bucket_policy(Bucket=name, Policy=json.dumps(_share(name)))


def notify(accounts: Accounts, broken: bool) -> None:
    """Sets the notifications, after the objects are there. In the incident those of one bucket have been lost."""
    for name, (owner, _) in CUSTOMER_BUCKETS.items():
        topics = [] if broken and name == plan.APPLICATION_BUCKET else [
            {"Id": "PantherNotifications", "TopicArn": plan.topic_arn(plan.CUSTOMER_TOPIC, owner),
             "Events": ["s3:ObjectCreated:*"]}]
        accounts.client("s3", owner).put_bucket_notification_configuration(
            Bucket=name, NotificationConfiguration={"TopicConfigurations": topics})
    accounts.client("s3").put_bucket_notification_configuration(
        Bucket=plan.INPUT_DATA_BUCKET, NotificationConfiguration={"TopicConfigurations": [
            {"TopicArn": plan.topic_arn(plan.INPUT_DATA_TOPIC), "Events": ["s3:ObjectCreated:*"]}]})


def silence(accounts: Accounts) -> None:
    """Takes the notifications off while objects are put, so that a second seeding does not notify anybody."""
    for name, (owner, _) in CUSTOMER_BUCKETS.items():
        accounts.client("s3", owner).put_bucket_notification_configuration(Bucket=name, NotificationConfiguration={})
    accounts.client("s3").put_bucket_notification_configuration(
        Bucket=plan.INPUT_DATA_BUCKET, NotificationConfiguration={})


def _create(s3, name: str) -> None:
    try:
        s3.create_bucket(Bucket=name, CreateBucketConfiguration={"LocationConstraint": REGION})
    except ClientError as error:
        if error.response["Error"]["Code"] != "BucketAlreadyOwnedByYou":
            raise


def _share(name: str) -> dict:
    return {"Version": "2012-10-17", "Statement": [
        {"Sid": "PantherMayRead", "Effect": "Allow", "Principal": {"AWS": f"arn:aws:iam::{PANTHER_ACCOUNT}:root"},
         "Action": ["s3:GetBucketLocation", "s3:ListBucket", "s3:GetObject"],
         "Resource": [f"arn:aws:s3:::{name}", f"arn:aws:s3:::{name}/*"]}]}


def _expiry(current: int | None, noncurrent: int | None) -> dict:
    rule = {"ID": "expire", "Status": "Enabled", "Filter": {"Prefix": ""}}
    if current:
        rule["Expiration"] = {"Days": current}
    if noncurrent:
        rule["NoncurrentVersionExpiration"] = {"NoncurrentDays": noncurrent}
    return rule
