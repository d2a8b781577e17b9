"""Writes the table of sources, and makes the queues of those that have one."""

from . import faults, keys, plan, queues, sources
from .accounts import Accounts
from .s3_source import common
from .tables import put_all

TABLE = "panther-source-integrations"
# Rows of a kilobyte each: together more than DynamoDB gives in one page, which ends at a megabyte.
MANY, PADDING = 1_200, "x" * 900


def seed(accounts: Accounts, planted: bool, many: bool) -> None:
    """All rows; with `planted` those of the faulty sources as well, with `many` enough for a second page."""
    arns = keys.arns(accounts)
    rows = [source.row(arns) for source in faults.all_s3_sources(planted)] + sources.other_rows()
    rows += faults.other_rows() if planted else []
    rows += many_rows() if many else []
    for label in sources.SQS_SOURCES | (faults.SQS_SOURCES if planted else {}):
        if label != faults.QUEUE_GONE:
            queues.put(accounts.panther, sources.queue_name(label), KmsMasterKeyId=plan.KMS_ALIAS)
    put_all(accounts.panther, TABLE, ["integrationId"], rows)


def many_rows() -> list[dict]:
    """Sources of a later type with a field that nobody knows."""
    return [common(f"Feed {number:05}", "log-pulling") | {"pullerState": PADDING} for number in range(MANY)]
