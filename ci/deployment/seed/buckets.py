"""Panther's buckets and those of its customers, with what a lister and a restorer meet: versions, policies, owners."""

import json

from .. import s3
from ..state import PANTHER_ACCOUNT
from . import faults, plan
from .accounts import Accounts
from .s3_source import source_id

# Days after which current and noncurrent versions go; nothing means never.
PANTHER_BUCKETS = {
    plan.PROCESSED_DATA_BUCKET: (None, None), plan.INPUT_DATA_BUCKET: (7, 7), plan.AUDIT_LOGS_BUCKET: (365, 30),
    plan.ANALYSIS_VERSIONS_BUCKET: (None, 365), plan.SOURCE_BUCKET: (90, None),
}


def seed(accounts: Accounts, planted: bool) -> None:
    """Creates all buckets and sets what belongs to them, except the notifications."""
    panther = accounts.panther
    for name, (current, noncurrent) in PANTHER_BUCKETS.items():
        s3.create_bucket(panther, name)
        s3.configure(panther, name, "versioning",
                     "<VersioningConfiguration><Status>Enabled</Status></VersioningConfiguration>")
        if current or noncurrent:
            s3.configure(panther, name, "lifecycle", _expiry(current, noncurrent))
    s3.configure(panther, plan.PROCESSED_DATA_BUCKET, "tagging",
                 f"<Tagging><TagSet><Tag><Key>PantherVersion</Key><Value>{plan.PANTHER_VERSION}</Value></Tag>"
                 "</TagSet></Tagging>")
    for name in customers(planted):
        s3.create_bucket(accounts.owner(name), name)
        shared = plan.ALL_CUSTOMER_BUCKETS[name].shared
        if policy := _share(name) if shared else faults.bucket_policy(name):
            s3.configure(accounts.owner(name), name, "policy", json.dumps(policy))


def customers(planted: bool) -> list[str]:
    """The customers' buckets that are there."""
    named = plan.ALL_CUSTOMER_BUCKETS if planted else plan.CUSTOMER_BUCKETS
    return [name for name in named if name != plan.VANISHED_BUCKET]


def notify(accounts: Accounts, planted: bool, broken: bool) -> None:
    """Sets the notifications, after the objects are there. In the incident those of one bucket have been lost."""
    silent = {plan.UNNOTIFIED_BUCKET, *([plan.APPLICATION_BUCKET] if broken else [])}
    for name in customers(planted):
        bucket = plan.ALL_CUSTOMER_BUCKETS[name]
        topic = plan.STRANGE_TOPIC if name == plan.MISDIRECTED_BUCKET else plan.CUSTOMER_TOPIC
        # S3 notifies only topics of the bucket's own region.
        arn = plan.topic_arn(topic, bucket.owner, bucket.region)
        wanted = [] if name in silent else _configurations(name, arn)
        s3.configure(accounts.owner(name), name, "notification", _document(wanted))
    staged = _configuration("PantherNotifications", plan.topic_arn(plan.INPUT_DATA_TOPIC))
    s3.configure(accounts.panther, plan.INPUT_DATA_BUCKET, "notification", _document([staged]))


def silence(accounts: Accounts, planted: bool) -> None:
    """Takes the notifications off while objects are put, so that a second seeding does not notify anybody."""
    for name in customers(planted):
        s3.configure(accounts.owner(name), name, "notification", _document([]))


def _configurations(name: str, topic: str) -> list[str]:
    """One per prefix where Panther manages them, else one for all of the bucket, as a customer makes it."""
    managed = sorted({entry["prefix"] for source in faults.all_s3_sources(planted=True)
                      if source.bucket == name and source.managed for entry in source.mappings})
    return [_configuration(f"panther-managed-{source_id(name + prefix)}", topic, prefix) for prefix in managed] or [
        _configuration("PantherNotifications", topic)]


def _configuration(name: str, topic: str, prefix: str = "") -> str:
    rule = f"<FilterRule><Name>prefix</Name><Value>{prefix}</Value></FilterRule>"
    wanted = f"<Filter><S3Key>{rule}</S3Key></Filter>" if prefix else ""
    return (f"<TopicConfiguration><Id>{name}</Id><Topic>{topic}</Topic><Event>s3:ObjectCreated:*</Event>{wanted}"
            "</TopicConfiguration>")


def _document(configurations: list[str]) -> str:
    return f"<NotificationConfiguration>{''.join(configurations)}</NotificationConfiguration>"


def _share(name: str) -> dict:
    return {"Version": "2012-10-17", "Statement": [
        {"Sid": "PantherMayRead", "Effect": "Allow", "Principal": {"AWS": f"arn:aws:iam::{PANTHER_ACCOUNT}:root"},
         "Action": ["s3:GetBucketLocation", "s3:ListBucket", "s3:GetObject"],
         "Resource": [f"arn:aws:s3:::{name}", f"arn:aws:s3:::{name}/*"]}]}


def _expiry(current: int | None, noncurrent: int | None) -> str:
    expiry = f"<Expiration><Days>{current}</Days></Expiration>" if current else ""
    if noncurrent:
        expiry += (f"<NoncurrentVersionExpiration><NoncurrentDays>{noncurrent}</NoncurrentDays>"
                   "</NoncurrentVersionExpiration>")
    return ("<LifecycleConfiguration><Rule><ID>expire</ID><Status>Enabled</Status><Filter><Prefix></Prefix></Filter>"
            f"{expiry}</Rule></LifecycleConfiguration>")
