"""The log sources: one of every type that Panther has, and what older versions and accidents left in their table."""

from ..state import PANTHER_ACCOUNT, REGION
from . import plan
from .s3_source import LAST_EVENT, S3Source, common, mapping, source_id

# Types that came later, of which only the common fields are known.
LATER_TYPES = ("amazon-eventbridge", "amazon-security-lake", "aws-cloudwatch-logs", "azure-blob", "azure-eventhub",
               "gcp-gcs", "gcp-pubsub", "http-ingest", "log-pulling", "profile-pulling", "s3-lookuptable")
_TRAIL = f"AWSLogs/{plan.CUSTOMER_ACCOUNT}/"

# Overlapping prefixes, an excluded one, several prefixes in one source, the whole bucket, the legacy fields, a key.
S3_SOURCES = [
    S3Source("Acme CloudTrail", plan.CLOUDTRAIL_BUCKET, [
        mapping("AWSLogs/", "AWS.CloudTrail", excludedPrefixes=[f"{_TRAIL}CloudTrail-Digest/"])]),
    S3Source("Acme CloudTrail Virginia", plan.CLOUDTRAIL_BUCKET, [
        mapping(f"{_TRAIL}CloudTrail/us-east-1/", "AWS.CloudTrail")]),
    S3Source("Acme Applications", plan.APPLICATION_BUCKET, [
        mapping(plan.UNNOTIFIED_PREFIX, "Custom.Checkout"), mapping("payments/", "Custom.Payments"),
        mapping("odd/", "Custom.Odd")], managed=True),
    S3Source("Acme VPC flow", plan.FLOW_LOG_BUCKET, [mapping("", "AWS.VPCFlow")], version="1.0.1", legacy=True),
    S3Source("Acme Restricted", plan.RESTRICTED_BUCKET, [mapping("", "Custom.Restricted")], key=plan.CUSTOMER_KEY),
    S3Source("Acme Subsidiary", plan.SUBSIDIARY_BUCKET, [mapping("logs/", "Custom.Subsidiary")]),
]
# Each with its log types. The queues of these sources have no dead-letter queue.
SQS_SOURCES = {"Okta forwarder": {"Okta.SystemLog"}, "Osquery fleet": {"Osquery.Batch"}}


def queue_name(label: str) -> str:
    """The queue of a source of type aws-sqs."""
    return f"panther-source-{source_id(label)}"


def sqs_source(label: str, log_types: set[str]) -> dict:
    """All sources of this type share one prefix of one bucket. The queue's URL is AWS's own, as Panther wrote it."""
    return common(label, "aws-sqs") | {"sqsConfig": {
        "logTypes": log_types, "allowedPrincipalArns": {f"arn:aws:iam::{plan.CUSTOMER_ACCOUNT}:root"},
        "s3Bucket": plan.INPUT_DATA_BUCKET, "logProcessingRole": plan.role_arn(plan.INPUT_DATA_ROLE),
        "queueUrl": f"https://sqs.{REGION}.amazonaws.com/{PANTHER_ACCOUNT}/{queue_name(label)}"}}


def scan_source(label: str, account: str, staged: bool = True) -> dict:
    """A cloud account that is scanned; an old row does not say where its snapshots are staged."""
    place = {"s3Bucket": plan.INPUT_DATA_BUCKET, "logProcessingRole": plan.role_arn(plan.INPUT_DATA_ROLE)}
    return common(label, "aws-scan") | (place if staged else {}) | {
        "awsAccountId": account, "cweEnabled": True, "remediationEnabled": False, "scanIntervalMins": 1440,
        "scanStatus": "ok", "eventStatus": "ok", "lastScanEndTime": "2026-03-14T00:12:40Z", "enabled": True}


def other_rows() -> list[dict]:
    """The rows of all sources that are not of type aws-s3, as long as nothing is planted."""
    return [*(sqs_source(label, log_types) for label, log_types in SQS_SOURCES.items()),
            scan_source("Acme production", plan.CUSTOMER_ACCOUNT),
            scan_source("Acme subsidiary cloud", plan.SUBSIDIARY_ACCOUNT, staged=False),
            *(common(f"Acme {kind}", kind) for kind in LATER_TYPES), zombie_row()]


def zombie_row() -> dict:
    """A deleted source that a late status report made anew: no type, no label."""
    return {"integrationId": source_id("deleted long ago"), "lastEventReceived": LAST_EVENT}
