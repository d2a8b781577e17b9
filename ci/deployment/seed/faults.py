"""What is wrong on purpose with the sources, and what a validator should find there, and nowhere else.

Each planted thing is one `Planted`; all of them make the list that tests compare with, `planted.json` in the folder of the
deployment. What is there without `--faults`, since every deployment has it, is in `ALWAYS`. Two more sources only look
odd, and nothing is to be found: one of before 1.16 whose role cannot list, and one whose first keys cannot be read.
"""

import dataclasses
import json
import pathlib

from . import keys, plan, sources
from .s3_source import RoleFlaws, S3Source, mapping, source_id

FILE = "planted.json"
STRANGER_ACCOUNT = "999999999999"
FAIL, WARN = "FAIL", "WARN"
QUEUE_GONE, MAPPING_OFF = "Okta orphan", "Okta paused"
SQS_SOURCES = {QUEUE_GONE: {"Okta.SystemLog"}, MAPPING_OFF: {"Okta.SystemLog"}}
# Of before 1.16, when the template of the roles had no s3:ListBucket.
OLD_VERSION = "1.15.2"


@dataclasses.dataclass(frozen=True)
class Planted:
    """One thing that is wrong. `also` are checks of the same sources that fail for the same cause."""

    fault: str
    labels: tuple[str, ...]
    check: str
    status: str
    planted: str
    code: str = ""
    cause: str = ""
    also: tuple[str, ...] = ()

    def finding(self) -> dict:
        """As the list has it; a row without a label is named by its id alone."""
        named = dataclasses.asdict(self) | {"labels": list(self.labels), "also": list(self.also)}
        return named | {"source_ids": [source_id(label) for label in self.labels]}


def _branch(label: str, prefix: str, **fields) -> S3Source:
    return S3Source(label, plan.BRANCH_BUCKET, [mapping(prefix, "Custom.Branch")], **fields)


S3_SOURCES = [
    _branch("Acme Departed", "departed/", flaws=RoleFlaws(missing=True)),
    _branch("Acme Mistrust", "mistrust/", flaws=RoleFlaws(trusts=STRANGER_ACCOUNT)),
    _branch("Acme Unlisted", "unlisted/", flaws=RoleFlaws(may_not_list=True)),
    _branch("Acme Early", "early/", version=OLD_VERSION, flaws=RoleFlaws(may_not_list=True)),
    _branch("Acme Unreadable", "unreadable/", flaws=RoleFlaws(may_not_read=True)),
    _branch("Acme Frozen key", "frozen/", key=keys.FROZEN), _branch("Acme Dying key", "dying/", key=keys.DYING),
    _branch("Acme Closed key", "closed/", key=keys.CLOSED),
    _branch("Acme Archive", "archive/"), _branch("Acme Payroll", "payroll-old/"),
    _branch("acme-payroll", "payroll-new/"),
    S3Source("Acme Forbidden", plan.DENIED_BUCKET, [mapping("logs/", "Custom.Branch")]),
    S3Source("Acme Vanished", plan.VANISHED_BUCKET, [mapping("logs/", "Custom.Branch")]),
    S3Source("Acme Unnotified", plan.UNNOTIFIED_BUCKET, [mapping("logs/", "Custom.Branch")], managed=True),
    S3Source("Acme Misdirected", plan.MISDIRECTED_BUCKET, [mapping("logs/", "Custom.Branch")], managed=True),
    S3Source("Acme Unheard", plan.UNHEARD_BUCKET, [mapping("logs/", "Custom.Branch")], managed=True),
    S3Source("Newcomer", plan.NEWCOMER_BUCKET, [mapping("logs/", "Custom.Branch")], managed=True),
    S3Source("Acme Mixed whole", plan.MIXED_BUCKET, [mapping("", "Custom.Branch")]),
    S3Source("Acme Mixed part", plan.MIXED_BUCKET, [mapping("part/", "Custom.Branch")]),
]

# In every deployment: a customer who trusts Panther's functions only, prefixes that are meant to overlap, an old row.
ALWAYS = [
    Planted("narrow-trust", ("Acme Subsidiary",), "role-assume", WARN, code="AccessDenied", cause="unknown",
            planted="its role trusts Panther's functions only: a person is refused, Panther's own health check is not"),
    Planted("overlap", ("Acme CloudTrail", "Acme CloudTrail Virginia"), "overlap", WARN,
            planted="a prefix of the second lies under a prefix of the first; the longest wins"),
    Planted("zombie-row", ("deleted long ago",), "zombie-row", WARN,
            planted="a row without type and label, which a late status report made anew after the source was deleted"),
]
# With `--broken`: what the drill's lost notifications look like to a validator.
BROKEN = [
    Planted("notifications-lost", ("Acme Applications",), "notifications", FAIL,
            planted="managed, and its bucket notifies nobody any more"),
]
PLANTED = [
    Planted("role-missing", ("Acme Departed",), "role-assume", FAIL, code="AccessDenied", cause="unknown",
            planted="there is no such role"),
    Planted("role-distrust", ("Acme Mistrust",), "role-assume", FAIL, code="AccessDenied", cause="unknown",
            planted=f"its role trusts account {STRANGER_ACCOUNT} instead of Panther's"),
    Planted("no-list", ("Acme Unlisted",), "list-prefix", FAIL, code="AccessDenied", cause="role-policy",
            also=("read-object",), planted="its role lacks s3:ListBucket, which sources have had since 1.16"),
    Planted("no-get", ("Acme Unreadable",), "read-object", FAIL, code="AccessDenied", cause="role-policy",
            planted="its role lacks s3:GetObject"),
    Planted("bucket-missing", ("Acme Vanished",), "bucket-location", FAIL, code="NoSuchBucket",
            also=("list-prefix", "read-object", "notifications"), planted="there is no such bucket"),
    Planted("bucket-policy", ("Acme Forbidden",), "list-prefix", FAIL, code="AccessDenied", cause="resource-policy",
            also=("read-object",), planted="the bucket's policy denies its role to list and to read"),
    Planted("key-disabled", ("Acme Frozen key",), "kms", FAIL, planted="its key is disabled"),
    Planted("key-dying", ("Acme Dying key",), "kms", FAIL, planted="its key is pending deletion"),
    Planted("key-policy", ("Acme Closed key",), "kms", FAIL, code="AccessDeniedException", cause="resource-policy",
            planted="its key's policy denies the role everything"),
    Planted("not-notified", ("Acme Unnotified",), "notifications", FAIL,
            planted="managed, and its bucket has no notifications"),
    Planted("misdirected", ("Acme Misdirected",), "notifications", FAIL,
            planted=f"managed, and its bucket notifies the topic {plan.STRANGE_TOPIC}"),
    Planted("not-subscribed", ("Acme Unheard",), "topic-subscription", FAIL,
            planted="the input queue is not subscribed to the topic that its bucket notifies"),
    Planted("queue-policy", ("Newcomer",), "queue-policy", FAIL,
            planted=f"the input queue's policy has no PantherSubscriptionSID-{plan.NEWCOMER_ACCOUNT}"),
    Planted("queue-gone", (QUEUE_GONE,), "queue", FAIL, code="AWS.SimpleQueueService.NonExistentQueue",
            planted="its queue was deleted"),
    Planted("mapping-disabled", (MAPPING_OFF,), "queue", FAIL,
            planted="the event-source mapping of its queue is disabled"),
    Planted("whole-bucket", ("Acme Mixed whole", "Acme Mixed part"), "overlap", WARN,
            planted="the first covers the whole bucket of the second"),
    Planted("scanned-twice", ("Acme production", "Acme production again"), "duplicate-scan", WARN,
            planted="both scan the same account"),
    Planted("label-collision", ("Acme Payroll", "acme-payroll"), "label-collision", WARN,
            planted="both labels give the same name of a role"),
]


def all_s3_sources(planted: bool) -> list[S3Source]:
    """Every source of type aws-s3; the faulty ones only where they are planted."""
    return sources.S3_SOURCES + (S3_SOURCES if planted else [])


def other_rows() -> list[dict]:
    """The rows of the faulty sources that are not of type aws-s3."""
    return [*(sources.sqs_source(label, log_types) for label, log_types in SQS_SOURCES.items()),
            sources.scan_source("Acme production again", plan.CUSTOMER_ACCOUNT)]


def bucket_policy(bucket: str) -> dict | None:
    """The policy by which one customer's bucket keeps a source's role out."""
    if bucket != plan.DENIED_BUCKET:
        return None
    refused, = (source.role for source in S3_SOURCES if source.bucket == bucket)
    return {"Version": "2012-10-17", "Statement": [
        {"Sid": "NotForPanther", "Effect": "Deny", "Principal": {"AWS": refused},
         "Action": ["s3:ListBucket", "s3:GetObject"],
         "Resource": [f"arn:aws:s3:::{bucket}", f"arn:aws:s3:::{bucket}/*"]}]}


def write_list(folder: pathlib.Path, planted: bool, broken: bool) -> None:
    """The list of findings, for whoever validates this deployment."""
    wrong = ALWAYS + (BROKEN if broken else []) + (PLANTED if planted else [])
    text = json.dumps({"planted": [one.finding() for one in wrong]}, indent=1)
    (folder / FILE).write_text(text + "\n")
