"""Clients for the accounts that own something in the deployment."""

import functools

import boto3
from botocore.config import Config

from ..state import Record


class Accounts:
    """Clients by service and account; a client is made once."""

    def __init__(self, record: Record):
        self.record = record
        self._session = boto3.Session()

    @functools.cache
    def client(self, service: str, account: str = ""):
        """A client that acts in `account`, Panther's by default: ministack takes an account id as access key."""
        return self._session.client(
            service, endpoint_url=self.record.endpoint(service), region_name=self.record.region,
            aws_access_key_id=account or self.record.account, aws_secret_access_key="sandbox",
            config=Config(retries={"total_max_attempts": 1}, max_pool_connections=8, parameter_validation=False,
                          s3={"addressing_style": "path"}))
