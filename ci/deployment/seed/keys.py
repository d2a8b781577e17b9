"""The keys that customers' buckets are encrypted with; some of the planted ones cannot be used."""

import dataclasses
import json

from ..aws import Account
from . import plan, s3_source
from .accounts import Accounts

# The shortest time that KMS keeps a key that is to be deleted.
DELETION_DAYS = 7
FROZEN, DYING, CLOSED = "alias/acme-frozen", "alias/acme-dying", "alias/acme-closed"


@dataclasses.dataclass(frozen=True)
class Key:
    """A key of one account, in Panther's region. `refuses` is a role that its policy denies everything."""

    account: str
    alias: str
    state: str = "Enabled"
    refuses: str = ""

    def policy(self) -> str:
        """The owner's root, which lets its identities' own policies decide; and the refusal."""
        allow = {"Sid": "Enable IAM User Permissions", "Effect": "Allow", "Action": "kms:*", "Resource": "*",
                 "Principal": {"AWS": f"arn:aws:iam::{self.account}:root"}}
        deny = {"Sid": "NotForPanther", "Effect": "Deny", "Action": "kms:*", "Resource": "*",
                "Principal": {"AWS": self.refuses}}
        return json.dumps({"Version": "2012-10-17", "Statement": [allow, deny] if self.refuses else [allow]})


KEYS = [
    Key(plan.CUSTOMER_ACCOUNT, plan.CUSTOMER_KEY),
    Key(plan.CUSTOMER_ACCOUNT, FROZEN, state="Disabled"), Key(plan.CUSTOMER_ACCOUNT, DYING, state="PendingDeletion"),
    Key(plan.CUSTOMER_ACCOUNT, CLOSED,
        refuses=plan.role_arn(s3_source.role_name("Acme Closed key"), plan.CUSTOMER_ACCOUNT)),
]


def seed(accounts: Accounts) -> None:
    """Makes the keys that are missing, and Panther's own; their names never change, their states do not either."""
    _create(accounts.panther, plan.KMS_ALIAS, Description="Panther's queues and topics")
    for key in KEYS:
        owner = accounts.of(key.account)
        if not (identifier := _create(owner, key.alias, Description="Logs", Policy=key.policy())):
            continue
        if key.state == "Disabled":
            owner.json("kms", "DisableKey", KeyId=identifier)
        if key.state == "PendingDeletion":
            owner.json("kms", "ScheduleKeyDeletion", KeyId=identifier, PendingWindowInDays=DELETION_DAYS)


def arns(accounts: Accounts) -> dict[tuple[str, str], str]:
    """The customers' keys by account and alias; KMS chooses their ids."""
    found = {}
    for key in KEYS:
        owner = accounts.of(key.account)
        identifier = _aliases(owner)[key.alias]
        found[key.account, key.alias] = f"arn:aws:kms:{owner.region}:{key.account}:key/{identifier}"
    return found


def _create(owner: Account, alias: str, **attributes: str) -> str:
    """The id of the new key; empty when there is one of that alias."""
    if alias in _aliases(owner):
        return ""
    identifier = owner.json("kms", "CreateKey", **attributes)["KeyMetadata"]["KeyId"]
    owner.json("kms", "CreateAlias", AliasName=alias, TargetKeyId=identifier)
    return identifier


def _aliases(owner: Account) -> dict[str, str]:
    listed = owner.json("kms", "ListAliases").get("Aliases", [])
    return {alias["AliasName"]: alias.get("TargetKeyId", "") for alias in listed}
