"""The log types: some that Panther brings along, the customer's own, and one that was disabled."""

from .accounts import Accounts
from .tables import put_all

TABLE = "panther-logtypes"
MANAGED = ("AWS.CloudTrail", "AWS.VPCFlow", "AWS.ALB", "AWS.S3ServerAccess", "Okta.SystemLog", "Osquery.Batch")
CUSTOM = ("Custom.Checkout", "Custom.Payments", "Custom.Odd", "Custom.Restricted", "Custom.Subsidiary")
DISABLED = ("Custom.Retired",)
SPEC = """\
version: 0
fields:
  - name: time
    type: timestamp
    timeFormat: rfc3339
    isEventTime: true
  - name: message
    type: string
"""


def seed(accounts: Accounts) -> None:
    """Writes the table."""
    schemas = [_schema(name, name in MANAGED, name in DISABLED) for name in (*MANAGED, *CUSTOM, *DISABLED)]
    put_all(accounts.panther, TABLE, ["RecordKind", "RecordID"], schemas)


def _schema(name: str, managed: bool, disabled: bool) -> dict:
    return {"RecordKind": "schema", "RecordID": name.lower(), "name": name, "managed": managed, "disabled": disabled,
            "description": f"Logs of type {name}", "revision": 1, "spec": SPEC,
            "createdAt": "2026-01-12T09:30:00Z", "updatedAt": "2026-01-12T09:30:00Z"}
