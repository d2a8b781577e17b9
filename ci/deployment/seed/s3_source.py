"""What a source of type aws-s3 consists of: its row in the table, and the role by which Panther reads it.

Both follow from one description, so that a source whose role lacks something says so in one place.
"""

import dataclasses
import uuid

from . import plan

CREATED = "2026-01-12T09:30:00Z"
LAST_EVENT = "2026-03-14T08:55:12Z"
_NAMESPACE = uuid.UUID("6f1c2a54-5b0e-4a43-9f0e-8d2a4b7c9e10")


@dataclasses.dataclass(frozen=True)
class RoleFlaws:
    """In what a role differs from the one that Panther's template makes; `trusts` is an account that is not Panther's."""

    missing: bool = False
    trusts: str = ""
    may_not_list: bool = False
    may_not_read: bool = False


@dataclasses.dataclass(frozen=True)
class S3Source:
    """One source: `mappings` as the table has them, `key` the alias of the key that its bucket is encrypted with."""

    label: str
    bucket: str
    mappings: list[dict]
    managed: bool = False
    key: str = ""
    version: str = plan.PANTHER_VERSION
    # As v1.0 wrote it: one prefix, log types as a set.
    legacy: bool = False
    flaws: RoleFlaws = RoleFlaws()

    @property
    def account(self) -> str:
        """Whose bucket it is."""
        return plan.ALL_CUSTOMER_BUCKETS[self.bucket].owner

    @property
    def role(self) -> str:
        """The ARN of its role."""
        return plan.role_arn(role_name(self.label), self.account)

    def row(self, key_arns: dict[tuple[str, str], str]) -> dict:
        """Its row in the table; `key_arns` by account and alias."""
        content = {"s3PrefixLogTypes": self.mappings}
        if self.legacy:
            only, = self.mappings
            content = {"s3Prefix": only["prefix"], "logTypes": set(only["logTypes"])}
        if self.key:
            content["kmsKey"] = key_arns[self.account, self.key]
        return common(self.label, "aws-s3") | content | {
            "awsAccountId": self.account, "s3Bucket": self.bucket, "logProcessingRole": self.role,
            "stackName": "panther-log-analysis-setup-" + suffix(self.label),
            "managedBucketNotifications": self.managed, "pantherVersion": self.version}


def mapping(prefix: str, *log_types: str, **fields) -> dict:
    """A prefix with the log types that are expected under it."""
    return {"prefix": prefix, "logTypes": list(log_types)} | fields


def common(label: str, kind: str) -> dict:
    """The fields that sources of every type have."""
    return {"integrationId": source_id(label), "integrationLabel": label, "integrationType": kind,
            "createdAtTime": CREATED, "createdBy": "00000000-0000-4000-8000-000000000000",
            "pantherVersion": plan.PANTHER_VERSION, "lastEventReceived": LAST_EVENT}


def source_id(label: str) -> str:
    """The id of a source: a UUID that is the same in every seeding."""
    # Version 4 by its marker, which Panther checks.
    return str(uuid.UUID(bytes=uuid.uuid5(_NAMESPACE, label).bytes, version=4))


def suffix(label: str) -> str:
    """What a label becomes in the name of its stack and role."""
    return label.replace(" ", "-").lower()


def role_name(label: str) -> str:
    """The role that a source's stack makes in the customer's account."""
    return "PantherLogProcessingRole-" + suffix(label)
