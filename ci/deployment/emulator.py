"""ministack, with two more paths: one by which many objects are put in a request, one for histories of keys.

Twelve thousand PUTs over HTTP take ten seconds of two processors; the same calls inside the process take less than one.
Each object goes through ministack's own handler for PUT, so that nothing tells it from one that was put in the usual way.
A history is what was put under a key and when it was deleted: an incident of some past day cannot be played today, since
S3 gives every version the time at which it comes. So times and version ids are set afterwards.

Permissions are enforced as IAM does (`AUTH`), corrected where ministack has other names than IAM: the principal of a session
and batches of messages. With two exceptions: signatures and session tokens are not verified, since our proxy changes some
requests that were signed (an access key that is unknown or expired is refused all the same); and the plain loopback
connection stands for a TLS one, without which Panther's roles would trust nobody.
"""

import asyncio
import base64
import json
import os

import ministack.app
from ministack.core import iam_actions, iam_evaluator
from ministack.core.responses import set_request_account_id, set_request_region
from ministack.services import s3

from .emulator_path import HISTORIES, PATH

# Other requests get their turn after so many objects.
TURN = 50

_ministack = ministack.app.app
_ministack_condition_key = iam_evaluator._resolve_condition_key
_ministack_action = iam_actions.extract_iam_action


async def app(scope, receive, send) -> None:
    """The ASGI application: ours for two paths, ministack's for all others."""
    ours = {PATH: _put_objects, HISTORIES: _put_histories}.get(scope["path"]) if scope["type"] == "http" else None
    if ours is None:
        await _ministack(scope, receive, send)
        return
    status, text = await ours(json.loads(await _body(receive)))
    await send({"type": "http.response.start", "status": status, "headers": [(b"content-type", b"application/json")]})
    await send({"type": "http.response.body", "body": text})


def _without_signature(*request, **options) -> None:
    """Keeps from a request what decides whether it is anonymous, and drops what its signature would be checked by."""
    iam_evaluator.pin_signed_request(*request, **options)
    iam_evaluator._signed_request.set(None)


def _as_if_by_tls(address: str, _secure: bool) -> None:
    iam_evaluator.pin_request_origin(address, secure_transport=True)


def _condition_key(key: str, context) -> object:
    """As IAM has it: the ARN of a session's principal is that of its role."""
    if key.lower() != "aws:principalarn" or ":assumed-role/" not in context.principal_arn:
        return _ministack_condition_key(key, context)
    role = context.principal_arn.split("/")[1]
    return f"arn:aws:iam::{context.principal_account}:role/{role}"


def _action(service: str, *request) -> str | None:
    """As IAM has it: batches of SQS and SNS need the permission for one."""
    action = _ministack_action(service, *request)
    return action.removesuffix("Batch") if action and service in ("sqs", "sns") else action


async def _put_objects(request: dict) -> tuple[int, bytes]:
    set_request_account_id(request["account"])
    set_request_region(request["region"])
    for number, (bucket, key, storage_class, body) in enumerate(request["objects"]):
        content = base64.b64decode(body)
        headers = {"host": "127.0.0.1", "content-length": str(len(content)), "x-amz-storage-class": storage_class}
        status, _, answer = await s3.handle_request("PUT", f"/{bucket}/{key}", headers, content, {}, internal=True)
        if status != 200:
            return status, answer
        if number % TURN == 0:
            await asyncio.sleep(0)
    return 200, b"{}"


async def _put_histories(request: dict) -> tuple[int, bytes]:
    """Gives keys of a bucket that keeps versions exactly these histories; a body of null is a deletion."""
    set_request_account_id(request["account"])
    set_request_region(request["region"])
    bucket = request["bucket"]
    for number, (key, events) in enumerate(request["histories"].items()):
        s3._object_versions.pop((bucket, key), None)
        s3._buckets[bucket]["objects"].pop(key, None)
        for time, version, body in events:
            content = base64.b64decode(body or "")
            headers = {"host": "127.0.0.1", "content-length": str(len(content))}
            status, _, answer = await s3.handle_request("DELETE" if body is None else "PUT", f"/{bucket}/{key}",
                                                        headers, content, {}, internal=True)
            if status >= 300:
                return status, answer
            _date(bucket, key, {"last_modified": time, "version_id": version})
        if number % TURN == 0:
            await asyncio.sleep(0)
    return 200, b"{}"


def _date(bucket: str, key: str, marks: dict[str, str]) -> None:
    """Marks the newest version of a key, and what the key shows if that is it."""
    s3._object_versions[bucket, key][-1].update(marks)
    if key in s3._buckets[bucket]["objects"]:
        s3._buckets[bucket]["objects"][key].update(marks)


async def _body(receive) -> bytes:
    parts = []
    while True:
        event = await receive()
        parts.append(event.get("body", b""))
        if not event.get("more_body"):
            return b"".join(parts)


if __name__ == "__main__":
    # The functions' own Python shall not find our modules.
    os.environ.pop("PYTHONPATH", None)
    # ministack's `main` serves whatever its module calls `app`.
    ministack.app.app = app
    ministack.app.pin_signed_request = _without_signature
    ministack.app.pin_request_origin = _as_if_by_tls
    iam_evaluator._resolve_condition_key = _condition_key
    iam_actions.extract_iam_action = _action
    ministack.app.main()
