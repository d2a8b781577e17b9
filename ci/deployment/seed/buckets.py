"""Panther's buckets and those of its customers, with what a lister and a restorer meet: versions, policies, owners."""

import json

from .. import s3
from ..state import PANTHER_ACCOUNT
from . import plan
from .accounts import Accounts

# Days after which current and noncurrent versions go; nothing means never.
PANTHER_BUCKETS = {
    plan.PROCESSED_DATA_BUCKET: (None, None), plan.INPUT_DATA_BUCKET: (7, 7), plan.AUDIT_LOGS_BUCKET: (365, 30),
    plan.ANALYSIS_VERSIONS_BUCKET: (None, 365), plan.SOURCE_BUCKET: (90, None),
}


def seed(accounts: Accounts) -> None:
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
    for name, bucket in plan.CUSTOMER_BUCKETS.items():
        s3.create_bucket(accounts.owner(name), name)
        if bucket.shared:
            s3.configure(accounts.owner(name), name, "policy", json.dumps(_share(name)))


def notify(accounts: Accounts, broken: bool) -> None:
    """Sets the notifications, after the objects are there. In the incident those of one bucket have been lost."""
    for name, bucket in plan.CUSTOMER_BUCKETS.items():
        lost = broken and name == plan.APPLICATION_BUCKET
        # S3 notifies only topics of the bucket's own region.
        topic = "" if lost else plan.topic_arn(plan.CUSTOMER_TOPIC, bucket.owner, bucket.region)
        s3.configure(accounts.owner(name), name, "notification", _notification(topic))
    staged = _notification(plan.topic_arn(plan.INPUT_DATA_TOPIC))
    s3.configure(accounts.panther, plan.INPUT_DATA_BUCKET, "notification", staged)


def silence(accounts: Accounts) -> None:
    """Takes the notifications off while objects are put, so that a second seeding does not notify anybody."""
    for name in plan.CUSTOMER_BUCKETS:
        s3.configure(accounts.owner(name), name, "notification", _notification(""))


def _notification(topic: str) -> str:
    configuration = ("<TopicConfiguration><Id>PantherNotifications</Id>"
                     f"<Topic>{topic}</Topic><Event>s3:ObjectCreated:*</Event></TopicConfiguration>" if topic else "")
    return f"<NotificationConfiguration>{configuration}</NotificationConfiguration>"


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
