"""The accounts that own something in the deployment."""

import functools

from ..aws import Account
from ..state import Record
from . import plan


class Accounts:
    """Panther's account and those of its customers, each with its connections."""

    def __init__(self, record: Record):
        self.record = record
        self.panther = Account(record)

    @functools.cache
    def of(self, number: str, region: str = "") -> Account:
        """The account of that number, in Panther's region or another."""
        return Account(self.record, number, region)

    def owner(self, bucket: str) -> Account:
        """Who owns a bucket, where it is; a bucket that is no customer's is Panther's."""
        found = plan.ALL_CUSTOMER_BUCKETS.get(bucket)
        return self.of(found.owner, found.region) if found else self.panther
