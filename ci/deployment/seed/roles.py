"""The roles by which Panther reads its customers' buckets, and its own."""

import json

from ..aws import Account, AwsError
from ..state import PANTHER_ACCOUNT, REGION
from . import plan, sources
from .accounts import Accounts

PANTHER_ROOT = f"arn:aws:iam::{PANTHER_ACCOUNT}:root"
FUNCTION_ROLE = "panther-core-FunctionRole"
# A customer who narrowed the trust to Panther's functions: people are refused, Panther is not.
FUNCTIONS_ONLY = {"ArnLike": {"aws:PrincipalArn": f"arn:aws:iam::{PANTHER_ACCOUNT}:role/panther-*-FunctionRole*"}}


def seed(accounts: Accounts) -> None:
    """Creates the roles with their trust and their permissions."""
    ours = accounts.panther
    _put(ours, FUNCTION_ROLE, {"Service": "lambda.amazonaws.com"}, {})
    _put(ours, plan.INPUT_DATA_ROLE, {"AWS": PANTHER_ROOT}, _secure(),
         _read(plan.INPUT_DATA_BUCKET, "s3:GetBucketLocation"))
    for account in (plan.CUSTOMER_ACCOUNT, plan.SUBSIDIARY_ACCOUNT):
        _put(accounts.of(account), f"PantherAuditRole-{REGION}", {"AWS": PANTHER_ROOT}, _secure())
    for source in sources.s3_sources():
        account = source["awsAccountId"]
        condition = _secure() | (FUNCTIONS_ONLY if account == plan.SUBSIDIARY_ACCOUNT else {})
        _put(accounts.of(account), sources.role_name(source["integrationLabel"]), {"AWS": PANTHER_ROOT},
             condition, _read(source["s3Bucket"], "s3:GetBucketLocation", "s3:ListBucket"))


def _secure() -> dict:
    return {"Bool": {"aws:SecureTransport": "true"}}


def _read(bucket: str, *bucket_actions: str) -> dict:
    return {"Version": "2012-10-17", "Statement": [
        {"Effect": "Allow", "Action": list(bucket_actions), "Resource": f"arn:aws:s3:::{bucket}"},
        {"Effect": "Allow", "Action": "s3:GetObject", "Resource": f"arn:aws:s3:::{bucket}/*"}]}


def _put(account: Account, name: str, principal: dict, condition: dict, permissions: dict | None = None) -> None:
    statement = {"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": principal}
    trust = json.dumps({"Version": "2012-10-17",
                        "Statement": [statement | ({"Condition": condition} if condition else {})]})
    try:
        account.query("iam", "CreateRole", RoleName=name, AssumeRolePolicyDocument=trust, MaxSessionDuration="3600",
                      **{"Tags.member.1.Key": "panther:app", "Tags.member.1.Value": "panther"})
    except AwsError as error:
        if error.code != "EntityAlreadyExists":
            raise
        account.query("iam", "UpdateAssumeRolePolicy", RoleName=name, PolicyDocument=trust)
    if permissions:
        account.query("iam", "PutRolePolicy", RoleName=name, PolicyName="ReadData",
                      PolicyDocument=json.dumps(permissions))
