"""The accounts that own something in the deployment."""

from ..aws import Account
from ..state import Record
from . import plan


class Accounts:
    """Panther's account and those of its customers, each with its connections."""

    def __init__(self, record: Record):
        self.record = record
        self.panther = Account(record)
        self._others = {number: Account(record, number) for number in (plan.CUSTOMER_ACCOUNT, plan.SUBSIDIARY_ACCOUNT)}

    def of(self, number: str) -> Account:
        """The account of that number."""
        return self._others.get(number, self.panther)
