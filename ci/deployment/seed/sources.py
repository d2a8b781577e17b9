"""The log sources: one of every type that Panther has, and what older versions and accidents left in their table."""

import uuid

from ..state import PANTHER_ACCOUNT, REGION
from . import plan, queues
from .accounts import Accounts
from .tables import put_all

TABLE = "panther-source-integrations"
CREATED = "2026-01-12T09:30:00Z"
LAST_EVENT = "2026-03-14T08:55:12Z"
# Types that came later, of which only the common fields are known.
LATER_TYPES = ("amazon-eventbridge", "amazon-security-lake", "aws-cloudwatch-logs", "azure-blob", "azure-eventhub",
               "gcp-gcs", "gcp-pubsub", "http-ingest", "log-pulling", "profile-pulling", "s3-lookuptable")
_NAMESPACE = uuid.UUID("6f1c2a54-5b0e-4a43-9f0e-8d2a4b7c9e10")


def source_id(label: str) -> str:
    """The id of a source: a UUID that is the same in every seeding."""
    # Version 4 by its marker, which Panther checks.
    return str(uuid.UUID(bytes=uuid.uuid5(_NAMESPACE, label).bytes, version=4))


def role_name(label: str) -> str:
    """The role that a source's stack makes in the customer's account."""
    return "PantherLogProcessingRole-" + label.replace(" ", "-").lower()


def seed(accounts: Accounts) -> None:
    """Writes the table, and makes the queues of the sources that have one."""
    items = [*s3_sources(), *scan_sources(), *later_sources(), zombie_row(),
             sqs_source("Okta forwarder", {"Okta.SystemLog"}), sqs_source("Osquery fleet", {"Osquery.Batch"})]
    for item in items:
        if item.get("integrationType") == "aws-sqs":
            # These queues have no dead-letter queue.
            queues.put(accounts.panther, queue_name(item["integrationId"]), KmsMasterKeyId=plan.KMS_ALIAS)
    put_all(accounts.panther, TABLE, ["integrationId"], items)


def s3_sources() -> list[dict]:
    """Overlapping prefixes, an excluded one, several prefixes in one source, the whole bucket, the legacy fields."""
    trail = f"AWSLogs/{plan.CUSTOMER_ACCOUNT}/"
    return [
        _s3("Acme CloudTrail", plan.CLOUDTRAIL_BUCKET, s3PrefixLogTypes=[
            {"prefix": "AWSLogs/", "logTypes": ["AWS.CloudTrail"], "excludedPrefixes": [f"{trail}CloudTrail-Digest/"]}]),
        _s3("Acme CloudTrail Virginia", plan.CLOUDTRAIL_BUCKET, s3PrefixLogTypes=[
            {"prefix": f"{trail}CloudTrail/us-east-1/", "logTypes": ["AWS.CloudTrail"]}]),
        _s3("Acme Applications", plan.APPLICATION_BUCKET, managedBucketNotifications=True, s3PrefixLogTypes=[
            {"prefix": plan.UNNOTIFIED_PREFIX, "logTypes": ["Custom.Checkout"]},
            {"prefix": "payments/", "logTypes": ["Custom.Payments"]}, {"prefix": "odd/", "logTypes": ["Custom.Odd"]}]),
        # As v1.0 wrote it: one prefix, log types as a set.
        _s3("Acme VPC flow", plan.FLOW_LOG_BUCKET, s3Prefix="", logTypes={"AWS.VPCFlow"}, pantherVersion="1.0.1"),
        _s3("Acme Restricted", plan.RESTRICTED_BUCKET,
            s3PrefixLogTypes=[{"prefix": "", "logTypes": ["Custom.Restricted"]}]),
        _s3("Acme Subsidiary", plan.SUBSIDIARY_BUCKET, account=plan.SUBSIDIARY_ACCOUNT,
            s3PrefixLogTypes=[{"prefix": "logs/", "logTypes": ["Custom.Subsidiary"]}]),
    ]


def queue_name(identifier: str) -> str:
    """The queue of a source of type aws-sqs."""
    return f"panther-source-{identifier}"


def sqs_source(label: str, log_types: set[str]) -> dict:
    """All sources of this type share one prefix of one bucket. The queue's URL is AWS's own, as Panther wrote it."""
    queue = queue_name(source_id(label))
    return _common(label, "aws-sqs") | {"sqsConfig": {
        "logTypes": log_types, "allowedPrincipalArns": {f"arn:aws:iam::{plan.CUSTOMER_ACCOUNT}:root"},
        "s3Bucket": plan.INPUT_DATA_BUCKET, "logProcessingRole": plan.role_arn(plan.INPUT_DATA_ROLE),
        "queueUrl": f"https://sqs.{REGION}.amazonaws.com/{PANTHER_ACCOUNT}/{queue}"}}


def scan_sources() -> list[dict]:
    """Cloud accounts that are scanned; an old row does not say where its snapshots are staged."""
    scanned = {"cweEnabled": True, "remediationEnabled": False, "scanIntervalMins": 1440, "scanStatus": "ok",
               "eventStatus": "ok", "lastScanEndTime": "2026-03-14T00:12:40Z", "enabled": True}
    staged = {"s3Bucket": plan.INPUT_DATA_BUCKET, "logProcessingRole": plan.role_arn(plan.INPUT_DATA_ROLE)}
    return [_common("Acme production", "aws-scan") | scanned | staged | {"awsAccountId": plan.CUSTOMER_ACCOUNT},
            _common("Acme subsidiary cloud", "aws-scan") | scanned | {"awsAccountId": plan.SUBSIDIARY_ACCOUNT}]


def later_sources() -> list[dict]:
    """One of each later type."""
    return [_common(f"Acme {kind}", kind) for kind in LATER_TYPES]


def zombie_row() -> dict:
    """A deleted source that a late status report made anew: no type, no label."""
    return {"integrationId": source_id("deleted long ago"), "lastEventReceived": LAST_EVENT}


def _s3(label: str, bucket: str, account: str = plan.CUSTOMER_ACCOUNT, **fields) -> dict:
    return _common(label, "aws-s3") | {
        "awsAccountId": account, "s3Bucket": bucket, "stackName": f"panther-log-analysis-setup-{label}".lower(),
        "logProcessingRole": plan.role_arn(role_name(label), account), "managedBucketNotifications": False} | fields


def _common(label: str, kind: str) -> dict:
    return {"integrationId": source_id(label), "integrationLabel": label, "integrationType": kind,
            "createdAtTime": CREATED, "createdBy": "00000000-0000-4000-8000-000000000000",
            "pantherVersion": plan.PANTHER_VERSION, "lastEventReceived": LAST_EVENT}
