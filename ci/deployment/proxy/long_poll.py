"""ReceiveMessage for clients that may hang up: AWS then hands out nothing, ministack goes on waiting for nobody.

A message taken by such an orphan would stay hidden for its visibility time-out, which a test that kills a tool and
starts it again would have to sit out. So long polls are cut into short ones, and what an orphan took is given back.
"""

import asyncio
import dataclasses
import json

from .calls import CallFailed, Calls
from .messages import Message
from .upstream import Upstream

# How long an orphan may live; ministack looks at the queue ten times a second anyway.
SLICE_SECONDS = 1


async def receive(upstream: Upstream, request: Message, parameters: dict, calls: Calls) -> Message:
    """Waits as long as asked, in slices, and returns the first answer that has messages, else the last."""
    remaining = parameters.get("WaitTimeSeconds") or 0
    while remaining > SLICE_SECONDS:
        remaining -= SLICE_SECONDS
        body = json.dumps(parameters | {"WaitTimeSeconds": SLICE_SECONDS}).encode()
        answer = await _take(upstream, dataclasses.replace(request, body=body), parameters, calls)
        if answer.status != 200 or b'"Messages"' in answer.body:
            return answer
    if remaining:
        parameters = parameters | {"WaitTimeSeconds": remaining}
        request = dataclasses.replace(request, body=json.dumps(parameters).encode())
    return await _take(upstream, request, parameters, calls)


async def _take(upstream: Upstream, request: Message, parameters: dict, calls: Calls) -> Message:
    work = asyncio.ensure_future(upstream.exchange(request))
    try:
        return await asyncio.shield(work)
    except asyncio.CancelledError:
        # The task is referenced by the event loop until it ends, since it waits for the upstream connection.
        work.add_done_callback(lambda done: asyncio.ensure_future(_give_back(done, parameters, calls)))
        raise


async def _give_back(work: asyncio.Future, parameters: dict, calls: Calls) -> None:
    if work.cancelled() or work.exception() is not None:
        return
    for message in json.loads(work.result().body or b"{}").get("Messages", []):
        try:
            await calls.call("ChangeMessageVisibility", QueueUrl=parameters.get("QueueUrl", ""), VisibilityTimeout=0,
                             ReceiptHandle=message["ReceiptHandle"])
        except CallFailed:  # deleted or received again meanwhile
            continue
