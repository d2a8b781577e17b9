"""Message move tasks: SQS moves a dead-letter queue's messages by itself, to one queue or back to where they came from."""

import asyncio
import base64
import dataclasses
import json
import time
import uuid

from .calls import CallFailed, Calls, dead_letter_target
from .messages import Message, json_answer, json_error

MAX_RATE = 500
MAX_LISTED = 10
BATCH = 10
# Longer than one batch takes to be sent and deleted, also on a busy machine.
VISIBILITY_SECONDS = 30
ACTIVE = ("RUNNING", "CANCELLING")
INVALID = "InvalidParameterValue"


class Refused(Exception):
    """A request that SQS refuses, with its code in both protocols."""

    def __init__(self, code: str, text: str, query_code: str = ""):
        super().__init__(text)
        self.code, self.text, self.query_code = code, text, query_code


class MoveFailed(Exception):
    """A task cannot go on; the text is its FailureReason."""


@dataclasses.dataclass
class MoveTask:
    """One task, running or past."""

    source: dict
    destination: dict | None
    rate: int | None
    to_move: int
    identifier: str = dataclasses.field(default_factory=lambda: str(uuid.uuid4()))
    started: float = dataclasses.field(default_factory=time.time)
    status: str = "RUNNING"
    moved: int = 0
    failure: str = ""

    @property
    def handle(self) -> str:
        """Opaque to clients, as AWS's is."""
        content = {"taskId": self.identifier, "sourceArn": self.source["QueueArn"]}
        return base64.b64encode(json.dumps(content).encode()).decode()

    def listed(self) -> dict:
        """The entry in ListMessageMoveTasks; only a running task shows its handle."""
        entry = {"Status": self.status, "SourceArn": self.source["QueueArn"],
                 "ApproximateNumberOfMessagesMoved": self.moved, "ApproximateNumberOfMessagesToMove": self.to_move,
                 "StartedTimestamp": int(self.started * 1000)}
        optional = {"TaskHandle": self.handle if self.status == "RUNNING" else None,
                    "DestinationArn": self.destination and self.destination["QueueArn"],
                    "MaxNumberOfMessagesPerSecond": self.rate, "FailureReason": self.failure}
        return entry | {name: value for name, value in optional.items() if value}


class MoveTasks:
    """All tasks of this deployment, by source queue; the newest last."""

    def __init__(self):
        self._by_source: dict[str, list[MoveTask]] = {}
        self._running: set[asyncio.Task] = set()

    def actions(self) -> dict:
        """The calls that this adds to SQS."""
        return {"StartMessageMoveTask": _refusing(self._start), "ListMessageMoveTasks": _refusing(self._list),
                "CancelMessageMoveTask": _refusing(self._cancel)}

    async def _start(self, parameters: dict, calls: Calls) -> dict:
        queues = await calls.queues()
        source = _queue(queues, parameters, "SourceArn")
        destination = _queue(queues, parameters, "DestinationArn") if parameters.get("DestinationArn") else None
        _check_start(queues, source, destination, parameters.get("MaxNumberOfMessagesPerSecond"))
        past = self._by_source.setdefault(source["QueueArn"], [])
        if any(task.status in ACTIVE for task in past):
            raise Refused("UnsupportedOperation", "There is already a task running. Only one active task is allowed "
                          "for a source queue arn at a given time.", "AWS.SimpleQueueService.UnsupportedOperation")
        task = MoveTask(source, destination, parameters.get("MaxNumberOfMessagesPerSecond"),
                        int(source["ApproximateNumberOfMessages"]))
        past.append(task)
        del past[:-MAX_LISTED]
        work = asyncio.ensure_future(_run(task, calls, queues))
        self._running.add(work)
        work.add_done_callback(self._running.discard)
        return {"TaskHandle": task.handle}

    async def _list(self, parameters: dict, calls: Calls) -> dict:
        # Asked for again and again while a task runs: not all queues each time.
        source = _queue(await calls.queue(parameters.get("SourceArn") or ""), parameters, "SourceArn")
        count = parameters.get("MaxResults") or 1
        if not 1 <= count <= MAX_LISTED:
            raise Refused(INVALID, f"Value {count} for parameter MaxResults is invalid. "
                          f"Reason: Must be between 1 and {MAX_LISTED}, if provided.")
        past = self._by_source.get(source["QueueArn"], [])
        return {"Results": [task.listed() for task in reversed(past[-count:])]}

    async def _cancel(self, parameters: dict, _calls: Calls) -> dict:
        handle = parameters.get("TaskHandle", "")
        for task in (task for past in self._by_source.values() for task in past):
            if task.handle == handle and task.status == "RUNNING":
                task.status = "CANCELLING"
                return {"ApproximateNumberOfMessagesMoved": task.moved}
        raise Refused("ResourceNotFoundException", "The task handle does not belong to a running task.")


def _refusing(action):
    async def answer(_request: Message, parameters: dict, calls: Calls) -> Message:
        try:
            return json_answer(await action(parameters, calls))
        except Refused as refusal:
            return json_error(refusal.code, refusal.text, refusal.query_code)
    return answer


def _queue(queues: dict[str, dict], parameters: dict, name: str) -> dict:
    arn = parameters.get(name) or ""
    if not arn:
        raise Refused("MissingParameter", f"The request must contain the parameter {name}.")
    if arn not in queues:
        raise Refused("ResourceNotFoundException",
                      f"The resource that you specified for the {name} parameter doesn't exist.")
    return queues[arn]


def _check_start(queues: dict[str, dict], source: dict, destination: dict | None, rate: int | None) -> None:
    if source["QueueArn"] not in map(dead_letter_target, queues.values()):
        raise Refused(INVALID, "Source queue must be configured as a Dead Letter Queue.")
    if rate is not None and not 1 <= rate <= MAX_RATE:
        raise Refused(INVALID, f"Value {rate} for parameter MaxNumberOfMessagesPerSecond is invalid. "
                      f"Reason: Must be between 1 and {MAX_RATE}, if provided.")
    if destination is None:
        return
    if destination["QueueArn"] == source["QueueArn"]:
        raise Refused(INVALID, "Source queue arn and destination queue arn cannot be the same.")
    if destination.get("FifoQueue") != source.get("FifoQueue"):
        raise Refused(INVALID, "Source queue and destination queue must be of the same type.")


async def _run(task: MoveTask, calls: Calls, queues: dict[str, dict]) -> None:
    began = time.monotonic()
    try:
        while task.status == "RUNNING" and (batch := await _receive(task, calls)):
            for message in batch:
                await _move(task, calls, queues, message)
            if task.rate:
                await asyncio.sleep(max(0.0, began + task.moved / task.rate - time.monotonic()))
        task.status = "CANCELLED" if task.status == "CANCELLING" else "COMPLETED"
    except (CallFailed, ConnectionError) as failure:
        task.status, task.failure = "FAILED", getattr(failure, "code", "InternalError")
    except MoveFailed as failure:
        task.status, task.failure = "FAILED", str(failure)


async def _receive(task: MoveTask, calls: Calls) -> list[dict]:
    # At a low rate a whole batch would be far more than one second's share.
    size = min(BATCH, task.rate or BATCH)
    received = await calls.call("ReceiveMessage", QueueUrl=task.source["QueueUrl"], MaxNumberOfMessages=size,
                                VisibilityTimeout=VISIBILITY_SECONDS, MessageAttributeNames=["All"],
                                AttributeNames=["All"])
    return received.get("Messages", [])


async def _move(task: MoveTask, calls: Calls, queues: dict[str, dict], message: dict) -> None:
    try:
        destination = task.destination or _origin(task, queues, message)
        await calls.call("SendMessage", QueueUrl=destination["QueueUrl"], **_again(message, destination))
    except (CallFailed, MoveFailed):
        await calls.call("ChangeMessageVisibility", QueueUrl=task.source["QueueUrl"], VisibilityTimeout=0,
                         ReceiptHandle=message["ReceiptHandle"])
        raise
    await calls.call("DeleteMessage", QueueUrl=task.source["QueueUrl"], ReceiptHandle=message["ReceiptHandle"])
    task.moved += 1


def _origin(task: MoveTask, queues: dict[str, dict], message: dict) -> dict:
    """Where the message came from; one put here by hand belongs to the only queue that dead-letters here, if any."""
    arn = message.get("Attributes", {}).get("DeadLetterQueueSourceArn")
    if arn is None:
        sources = [name for name, queue in queues.items() if dead_letter_target(queue) == task.source["QueueArn"]]
        arn = sources[0] if len(sources) == 1 else None
    if arn not in queues:
        raise MoveFailed("CouldNotDetermineMessageSource")
    return queues[arn]


def _again(message: dict, destination: dict) -> dict:
    system = message.get("Attributes", {})
    parameters = {"MessageBody": message["Body"], "MessageAttributes": message.get("MessageAttributes") or {}}
    if "AWSTraceHeader" in system:
        parameters["MessageSystemAttributes"] = {
            "AWSTraceHeader": {"DataType": "String", "StringValue": system["AWSTraceHeader"]}}
    if "MessageGroupId" in system:
        parameters["MessageGroupId"] = system["MessageGroupId"]
    if destination.get("FifoQueue") == "true":
        # The id under which it was dead-lettered, so that the first sending's window does not swallow it.
        parameters["MessageDeduplicationId"] = message["MessageId"]
    return parameters
