"""The health check of a source, as Panther 1.16 makes it, with all that is peculiar about it:

* statuses that were not evaluated are there, unhealthy and without a message; only two of them are left out
* the role's name is computed from the label, in the partition `aws`, whatever the table says
* a bucket whose region is unknown and whose notifications are managed makes the function crash
* a configuration of notifications without a filter counts as covering nothing
* the first key of a prefix is asked for by HEAD, a folder or an archived object no less than any other
* an aws-sqs source without its configuration makes the function crash
"""

import json
import os
import re
import urllib.parse
import xml.etree.ElementTree

from calls import Caller, Refused, assume, own, parse
from envelope import InvalidInputError, required

TYPES = ("aws-scan", "aws-s3", "aws-sqs")
# Before this version the roles of sources could not list, so that no object is looked for.
OBJECT_CHECK_SINCE = (1, 16, 0)
TOPIC = "panther-notifications-topic"
EVENT = "s3:ObjectCreated:*"
DEFAULT_REGION = "us-east-1"
ALWAYS = ("auditRoleStatus", "cweRoleStatus", "remediationRoleStatus", "processingRoleStatus", "s3BucketStatus",
          "kmsKeyStatus", "sqsStatus")


class NilPointerDereference(Exception):
    """What the function's own language calls a value that is not there."""


def check(parameters: dict) -> dict:
    """The answer: one status per thing that was looked at."""
    kind = required(parameters, "integrationType")
    if kind not in TYPES:
        raise InvalidInputError(f"IntegrationType invalid, failed to satisfy the condition: oneof={' '.join(TYPES)}")
    required(parameters, "integrationLabel")
    found = {name: _status(False) for name in ALWAYS}
    checks = {"aws-scan": _scan, "aws-s3": _s3, "aws-sqs": _sqs}
    return {"integrationType": kind} | found | checks[kind](parameters)


def _status(healthy: bool, message: str = "", error: str = "") -> dict:
    return {"healthy": healthy, "message": message} | ({"rawErrorMessage": error} if error else {})


def _scan(parameters: dict) -> dict:
    account, region = required(parameters, "awsAccountId"), os.environ["AWS_REGION"]
    wanted = {"auditRoleStatus": ("PantherAuditRole", True),
              "cweRoleStatus": ("PantherCloudFormationStackSetExecutionRole", parameters.get("enableCWESetup")),
              "remediationRoleStatus": ("PantherRemediationRole", parameters.get("enableRemediation"))}
    return {status: _role(f"arn:aws:iam::{account}:role/{name}-{region}")[0] if enabled
            else _status(True, "this feature is not enabled for the source")
            for status, (name, enabled) in wanted.items()}


def _role(arn: str) -> tuple[dict, Caller | None]:
    try:
        caller = assume(arn, os.environ["AWS_REGION"])
        caller.query("sts", Action="GetCallerIdentity", Version="2011-06-15")
    except Refused as refused:
        return _status(False, f"the role {arn} could not be assumed", refused.text), None
    return _status(True, f"the role {arn} can be assumed"), caller


def _s3(parameters: dict) -> dict:
    account, label = required(parameters, "awsAccountId"), required(parameters, "integrationLabel")
    name = "PantherLogProcessingRole-" + label.replace(" ", "-").lower()
    role, caller = _role(f"arn:aws:iam::{account}:role/{name}")
    if caller is None:
        return {"processingRoleStatus": role}
    bucket, prefixes = required(parameters, "s3Bucket"), _reduced(parameters.get("s3PrefixLogTypes") or [])
    location, region = _location(caller, bucket)
    found = {"processingRoleStatus": role, "s3BucketStatus": location,
             "kmsKeyStatus": _key(caller, parameters.get("kmsKey") or "")}
    there = Caller(caller.access_key, region or DEFAULT_REGION)
    if _version(parameters.get("pantherVersion") or "") >= OBJECT_CHECK_SINCE:
        found["getObjectStatus"] = _objects(there, bucket, prefixes)
    if parameters.get("managedBucketNotifications"):
        if not region:
            raise NilPointerDereference("invalid memory address or nil pointer dereference")
        topic = f"arn:aws:sns:{region}:{account}:{TOPIC}"
        found["bucketNotificationsStatus"] = _notifications(there, bucket, prefixes, topic)
    return found


def _reduced(mappings: list[dict]) -> list[str]:
    """The prefixes of which none lies under another."""
    prefixes = sorted({mapping.get("prefix", "") for mapping in mappings})
    return [prefix for prefix in prefixes
            if not any(prefix != other and prefix.startswith(other) for other in prefixes)]


def _location(caller: Caller, bucket: str) -> tuple[dict, str]:
    try:
        answer = caller.request("s3", "GET", f"/{bucket}?location")
    except Refused as refused:
        return _status(False, f"the location of the bucket {bucket} could not be read", refused.text), ""
    return _status(True, f"the bucket {bucket} can be reached"), parse(answer).text or DEFAULT_REGION


def _key(caller: Caller, key: str) -> dict:
    if not key:
        return _status(True, "no key is configured")
    parts = key.split(":")
    if len(parts) != 6 or parts[2] != "kms":
        return _status(False, f"{key} is not the ARN of a key", "arn: invalid")
    there = Caller(caller.access_key, parts[3])
    try:
        answer = json.loads(there.target("kms", "TrentService.DescribeKey", json.dumps({"KeyId": key}).encode()))
    except Refused as refused:
        return _status(False, f"the key {key} could not be described", refused.text)
    if not answer["KeyMetadata"]["Enabled"]:
        return _status(False, f"the key {key} is not enabled")
    return _status(True, f"the key {key} can be used")


def _objects(caller: Caller, bucket: str, prefixes: list[str]) -> dict:
    for prefix in prefixes:
        try:
            question = urllib.parse.urlencode({"prefix": prefix, "max-keys": 1, "encoding-type": "url"})
            first = parse(caller.request("s3", "GET", f"/{bucket}?{question}")).findtext(".//Contents/Key")
            if first:
                # The listing's own coding, in which a blank is a plus, is not that of a path.
                path = urllib.parse.quote(urllib.parse.unquote_plus(first))
                caller.request("s3", "HEAD", f"/{bucket}/{path}")
        except Refused as refused:
            return _status(False, f"an object under s3://{bucket}/{prefix} could not be read", refused.text)
    return _status(True, "objects can be read")


def _notifications(caller: Caller, bucket: str, prefixes: list[str], topic: str) -> dict:
    try:
        found = parse(caller.request("s3", "GET", f"/{bucket}?notification")).iter("TopicConfiguration")
    except Refused as refused:
        return _status(False, f"the notifications of the bucket {bucket} could not be read", refused.text)
    covered = [_filter(one) for one in found if one.findtext("Topic") == topic
               and EVENT in (event.text for event in one.iter("Event"))]
    missing = [prefix for prefix in prefixes
               if not any(start is not None and prefix.startswith(start) for start in covered)]
    if missing:
        return _status(False, f"the bucket {bucket} does not notify Panther of everything",
                       f"not covered: {', '.join(missing)}")
    return _status(True, f"the bucket {bucket} notifies Panther")


def _filter(configuration: xml.etree.ElementTree.Element) -> str | None:
    """The prefix that a configuration is for; nothing when it has no filter."""
    rules = {rule.findtext("Name", "").lower(): rule.findtext("Value", "") for rule in configuration.iter("FilterRule")}
    return rules.get("prefix", "") if rules else None


def _sqs(parameters: dict) -> dict:
    configuration = parameters.get("sqsConfig")
    if configuration is None:
        raise NilPointerDereference("invalid memory address or nil pointer dereference")
    url = configuration.get("queueUrl")
    if not url:
        return {"sqsStatus": _status(True, "the queue is not set up yet")}
    try:
        own().target("sqs", "AmazonSQS.GetQueueAttributes", json.dumps(
            {"QueueUrl": url, "AttributeNames": ["QueueArn"]}).encode())
    except Refused as refused:
        return {"sqsStatus": _status(False, f"the queue {url} cannot be reached", refused.text)}
    return {"sqsStatus": _status(True, f"the queue {url} can be reached")}


def _version(text: str) -> tuple[int, ...]:
    return tuple(map(int, re.findall(r"\d+", text)[:3]))
