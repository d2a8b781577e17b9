"""Puts the Lambda functions into the deployment; their code is the package `functions` beside this one."""

import base64
import io
import json
import pathlib
import shlex
import sys
import zipfile

from . import faults, plan, roles, sources
from .accounts import Accounts

API = "/2015-03-31/functions"
MAPPINGS = "/2015-03-31/event-source-mappings/"
CODE = pathlib.Path(__file__).parents[1] / "functions"
FORWARDER = "panther-message-forwarder"
FUNCTIONS = {"panther-source-api": "source_api.py", "panther-logtypes-api": "logtypes_api.py",
             FORWARDER: "message_forwarder.py"}
# What the functions call, each service at its endpoint.
CALLED = ("dynamodb", "kms", "s3", "sqs", "sts")
TIMEOUT_SECONDS, MEMORY_MEGABYTES = 60, 128
# Zip members carry a time; a fixed one keeps the archive the same.
ARCHIVE_TIME = (2026, 1, 1, 0, 0, 0)


def seed(accounts: Accounts, planted: bool) -> None:
    """Creates the functions, or gives them the present code, and the mappings by which queues reach the forwarder."""
    _seed_functions(accounts)
    labels = sources.SQS_SOURCES | (faults.SQS_SOURCES if planted else {})
    for label in labels:
        if label != faults.QUEUE_GONE:
            _map_queue(accounts, plan.queue_arn(sources.queue_name(label)), label != faults.MAPPING_OFF)


def _map_queue(accounts: Accounts, queue: str, enabled: bool) -> None:
    found = json.loads(accounts.panther.rest("lambda", "GET", f"{MAPPINGS}?EventSourceArn={queue}"))
    if not found["EventSourceMappings"]:
        accounts.panther.rest("lambda", "POST", MAPPINGS, json.dumps(
            {"EventSourceArn": queue, "FunctionName": FORWARDER, "Enabled": enabled}).encode())


def _seed_functions(accounts: Accounts) -> None:
    panther = accounts.panther
    listed = json.loads(panther.rest("lambda", "GET", f"{API}/"))["Functions"]
    existing = {function["FunctionName"] for function in listed}
    variables = {"INPUT_DATA_BUCKET": plan.INPUT_DATA_BUCKET,
                 "INPUT_DATA_ROLE_ARN": plan.role_arn(plan.INPUT_DATA_ROLE),
                 **{f"AWS_ENDPOINT_URL_{service.upper()}": panther.record.endpoint(service) for service in CALLED}}
    for name, main in FUNCTIONS.items():
        code = {"ZipFile": base64.b64encode(_archive(main)).decode()}
        if name in existing:
            panther.rest("lambda", "PUT", f"{API}/{name}/code", json.dumps(code).encode())
            continue
        panther.rest("lambda", "POST", API, json.dumps({
            "FunctionName": name, "Runtime": "provided.al2023", "Handler": "bootstrap", "Code": code,
            "Role": plan.role_arn(roles.FUNCTION_ROLE), "Timeout": TIMEOUT_SECONDS, "MemorySize": MEMORY_MEGABYTES,
            "Environment": {"Variables": variables}}).encode())


def _archive(main: str) -> bytes:
    bootstrap = f'#!/bin/sh\nexec {shlex.quote(sys.executable)} -B "$LAMBDA_TASK_ROOT/{main}"\n'
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        for name, text in [("bootstrap", bootstrap), *((path.name, path.read_text()) for path in CODE.glob("*.py"))]:
            member = zipfile.ZipInfo(name, ARCHIVE_TIME)
            member.external_attr = 0o755 << 16
            archive.writestr(member, text)
    return content.getvalue()
