"""The roles by which Panther reads its customers' buckets and accounts, and its own."""

import json

from ..aws import Account, AwsError
from ..install import REPOSITORY
from ..state import PANTHER_ACCOUNT, REGION
from . import faults, keys, plan
from .accounts import Accounts
from .s3_source import S3Source, role_name

PANTHER_ROOT = f"arn:aws:iam::{PANTHER_ACCOUNT}:root"
# What each tool needs, as it is published with it.
TOOL_POLICIES = REPOSITORY / "dist" / "iam"
FUNCTION_ROLE = "panther-core-FunctionRole"
SECURITY_AUDIT = "arn:aws:iam::aws:policy/SecurityAudit"
# A customer who narrowed the trust to Panther's functions: people are refused, Panther is not.
FUNCTIONS_ONLY = {"ArnLike": {"aws:PrincipalArn": f"arn:aws:iam::{PANTHER_ACCOUNT}:role/panther-*-FunctionRole*"}}
SECURE = {"Bool": {"aws:SecureTransport": "true"}}
SCAN_ACCOUNTS = (plan.CUSTOMER_ACCOUNT, plan.SUBSIDIARY_ACCOUNT)


def seed(accounts: Accounts, planted: bool) -> None:
    """Creates the roles with their trust and their permissions."""
    ours = accounts.panther
    _put(ours, plan.OPERATOR_ROLE, {"AWS": PANTHER_ROOT}, {}, {"Everything": [_allow(["*"], "*")]})
    for path in sorted(TOOL_POLICIES.glob("*.json")):
        _put(ours, plan.tool_role(path.stem), {"AWS": PANTHER_ROOT}, {},
             {"Tool": json.loads(path.read_text())["Statement"]})
    _put(ours, FUNCTION_ROLE, {"Service": "lambda.amazonaws.com"}, {}, {"Panther": _function_statements()})
    _put(ours, plan.INPUT_DATA_ROLE, {"AWS": PANTHER_ROOT}, SECURE, {"ReadData": [
        _allow(["s3:GetBucketLocation"], f"arn:aws:s3:::{plan.INPUT_DATA_BUCKET}"),
        _allow(["s3:GetObject"], f"arn:aws:s3:::{plan.INPUT_DATA_BUCKET}/*")]})
    for number in SCAN_ACCOUNTS:
        theirs, audit = accounts.of(number), f"PantherAuditRole-{REGION}"
        _put(theirs, audit, {"AWS": PANTHER_ROOT}, SECURE, {"DescribeTags": [
            _allow(["dynamodb:ListTagsOfResource", "kms:ListResourceTags"], "*")]})
        theirs.query("iam", "AttachRolePolicy", RoleName=audit, PolicyArn=SECURITY_AUDIT)
        _put(theirs, f"PantherCloudFormationStackSetExecutionRole-{REGION}", {"AWS": PANTHER_ROOT}, SECURE, {
            "ManageStacks": [_allow(["cloudformation:*", "events:*", "sns:*"], "*")]})
    arns = keys.arns(accounts)
    for source in faults.all_s3_sources(planted):
        if not source.flaws.missing:
            _put_reader(accounts.of(source.account), source, arns.get((source.account, source.key), ""))


def _put_reader(account: Account, source: S3Source, key: str) -> None:
    trusted = f"arn:aws:iam::{source.flaws.trusts or PANTHER_ACCOUNT}:root"
    condition = SECURE | (FUNCTIONS_ONLY if source.account == plan.SUBSIDIARY_ACCOUNT else {})
    _put(account, role_name(source.label), {"AWS": trusted}, condition, _permissions(source, key))


def _permissions(source: S3Source, key: str) -> dict[str, list[dict]]:
    """The inline policies that Panther's template gives the role of a source, as far as this one has them."""
    bucket = f"arn:aws:s3:::{source.bucket}"
    reading = [_allow(["s3:GetBucketLocation", *([] if source.flaws.may_not_list else ["s3:ListBucket"])], bucket)]
    if not source.flaws.may_not_read:
        reading.append(_allow(["s3:GetObject"], f"{bucket}/*"))
    if key:
        reading.append(_allow(["kms:Decrypt", "kms:DescribeKey"], key))
    if not source.managed:
        return {"ReadData": reading}
    topic = f"arn:aws:sns:*:{source.account}:{plan.CUSTOMER_TOPIC}"
    return {"ReadData": reading, "ManagePantherTopic": [_allow(["sns:*"], topic)], "GetPutBucketNotifications": [
        _allow(["s3:GetBucketNotification", "s3:PutBucketNotification"], bucket)]}


def _function_statements() -> list[dict]:
    theirs = "arn:aws:iam::*:role/"
    return [
        _allow(["dynamodb:Scan", "dynamodb:UpdateItem"], f"arn:aws:dynamodb:*:{PANTHER_ACCOUNT}:table/panther-*"),
        _allow(["sts:AssumeRole"], *(theirs + name for name in (
            "PantherLogProcessingRole-*", f"PantherAuditRole-{REGION}", f"PantherRemediationRole-{REGION}",
            f"PantherCloudFormationStackSetExecutionRole-{REGION}"))),
        _allow(["sqs:GetQueueAttributes", "sqs:ReceiveMessage", "sqs:DeleteMessage"],
               f"arn:aws:sqs:*:{PANTHER_ACCOUNT}:panther-source-*"),
        _allow(["s3:PutObject"], f"arn:aws:s3:::{plan.INPUT_DATA_BUCKET}/forwarder/*"),
    ]


def _allow(actions: list[str], *resources: str) -> dict:
    return {"Effect": "Allow", "Action": actions, "Resource": list(resources)}


def _put(account: Account, name: str, principal: dict, condition: dict, policies: dict[str, list[dict]]) -> None:
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
    for policy, statements in policies.items():
        account.query("iam", "PutRolePolicy", RoleName=name, PolicyName=policy, PolicyDocument=json.dumps(
            {"Version": "2012-10-17", "Statement": statements}))
