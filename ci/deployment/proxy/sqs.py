"""SQS as AWS answers it: changes some calls, answers those that ministack lacks, passes on the rest.

Only the JSON protocol is changed, which every present SDK speaks; the older query protocol is passed on as it is.
"""

import json

from . import limits, long_poll
from .calls import CallFailed, Calls, dead_letter_target
from .messages import Message, json_answer, json_error
from .move_tasks import MoveTasks
from .receipts import Receipts
from .upstream import Upstream

TARGET = "AmazonSQS."
INVALID = "InvalidParameterValue"
# Of a queue of which ministack tells nothing: the call itself will fail then.
DEFAULT_MESSAGE_SIZE = 1_048_576


class Sqs:
    """The service behind the SQS listener."""

    def __init__(self, upstream: Upstream, batch_limit: int):
        self.upstream = upstream
        self.batch_limit = batch_limit
        self.receipts = Receipts()
        self.tasks = MoveTasks()
        self._sizes: dict[tuple[str, str], int] = {}
        self._changed = {
            "SendMessage": self._send, "SendMessageBatch": self._send_batch,
            "DeleteMessage": self._delete, "DeleteMessageBatch": self._delete_batch,
            "ReceiveMessage": self._receive, "ChangeMessageVisibility": self._check_times,
            "CreateQueue": self._forget_sizes, "DeleteQueue": self._forget_sizes,
            "SetQueueAttributes": self._forget_sizes,
            "ListDeadLetterSourceQueues": self._list_sources, **self.tasks.actions(),
        }

    async def serve(self, request: Message) -> Message:
        """Answers one request."""
        target = request.header("x-amz-target")
        change = self._changed.get(target.removeprefix(TARGET)) if target.startswith(TARGET) else None
        if change is None:
            return await self.upstream.exchange(request)
        try:
            parameters = json.loads(request.body or b"{}")
        except ValueError:
            return json_error("SerializationException", "the request is not JSON")
        return await change(request, parameters, Calls.like(self.upstream, request))

    async def _send(self, request: Message, message: dict, calls: Calls) -> Message:
        fault = limits.message_fault(message, *await self._queue_rules(calls, message.get("QueueUrl", "")))
        return json_error(INVALID, fault) if fault else await self.upstream.exchange(request)

    async def _send_batch(self, request: Message, batch: dict, calls: Calls) -> Message:
        url, entries = batch.get("QueueUrl", ""), batch.get("Entries") or []
        if not limits.well_formed_batch(entries):
            return await self.upstream.exchange(request)
        total = sum(map(limits.message_size, entries))
        if total > self.batch_limit:
            return json_error("BatchRequestTooLong", f"Batch requests cannot be longer than {self.batch_limit} bytes. "
                              f"You have sent {total} bytes.", "AWS.SimpleQueueService.BatchRequestTooLong")
        rules = await self._queue_rules(calls, url)
        faults = {entry["Id"]: fault for entry in entries if (fault := limits.message_fault(entry, *rules))}
        # ministack drops the trace header of a batch's entries, but not that of a single message.
        if not faults and not any(entry.get("MessageSystemAttributes") for entry in entries):
            return await self.upstream.exchange(request)
        return json_answer(await _send_apart(calls, url, entries, faults))

    async def _delete(self, request: Message, parameters: dict, _calls: Calls) -> Message:
        answer = await self.upstream.exchange(request)
        handle, fifo = parameters.get("ReceiptHandle", ""), _is_fifo(parameters)
        if answer.status == 200:
            self.receipts.deleted(handle)
        elif _code(answer) == "ReceiptHandleIsInvalid" and self.receipts.accepts(handle, fifo):
            return json_answer({})
        return answer

    async def _delete_batch(self, request: Message, batch: dict, _calls: Calls) -> Message:
        answer = await self.upstream.exchange(request)
        if answer.status != 200:
            return answer
        content = json.loads(answer.body)
        handles = {entry.get("Id"): entry.get("ReceiptHandle", "") for entry in batch.get("Entries", [])}
        for entry in content.get("Successful", []):
            self.receipts.deleted(handles[entry["Id"]])
        failed = content.get("Failed", [])
        again = [entry for entry in failed if entry["Code"] == "ReceiptHandleIsInvalid"
                 and self.receipts.accepts(handles[entry["Id"]], _is_fifo(batch))]
        if not again:
            return answer
        return json_answer({"Successful": content.get("Successful", []) + [{"Id": entry["Id"]} for entry in again],
                            "Failed": [entry for entry in failed if entry not in again]})

    async def _receive(self, request: Message, parameters: dict, calls: Calls) -> Message:
        if fault := limits.range_fault(parameters):
            return json_error(INVALID, fault)
        answer = await long_poll.receive(self.upstream, request, parameters, calls)
        return _rename_dead_letters(answer) if _is_fifo(parameters) and answer.status == 200 else answer

    async def _check_times(self, request: Message, parameters: dict, _calls: Calls) -> Message:
        fault = limits.range_fault(parameters)
        return json_error(INVALID, fault) if fault else await self.upstream.exchange(request)

    async def _forget_sizes(self, request: Message, _parameters: dict, _calls: Calls) -> Message:
        answer = await self.upstream.exchange(request)
        self._sizes.clear()
        return answer

    async def _list_sources(self, _request: Message, parameters: dict, calls: Calls) -> Message:
        try:
            attributes = await calls.call("GetQueueAttributes", QueueUrl=parameters.get("QueueUrl", ""),
                                          AttributeNames=["QueueArn"])
        except CallFailed as failure:
            return json_error(failure.code, failure.text, "AWS.SimpleQueueService.NonExistentQueue")
        arn = attributes["Attributes"]["QueueArn"]
        urls = [queue["QueueUrl"] for queue in (await calls.queues()).values() if dead_letter_target(queue) == arn]
        return json_answer(_page(urls, parameters))

    async def _queue_rules(self, calls: Calls, url: str) -> tuple[int, bool]:
        """The largest message of a queue, and whether it is a FIFO queue."""
        key = (calls.scope, url)
        if key not in self._sizes:
            try:
                answer = await calls.call("GetQueueAttributes", QueueUrl=url, AttributeNames=["MaximumMessageSize"])
            except CallFailed:  # an unknown queue: the call itself will say so
                return DEFAULT_MESSAGE_SIZE, url.endswith(".fifo")
            self._sizes[key] = int(answer["Attributes"]["MaximumMessageSize"])
        return self._sizes[key], url.endswith(".fifo")


async def _send_apart(calls: Calls, url: str, entries: list[dict], faults: dict[str, str]) -> dict:
    """Sends what can go as a batch as one, the rest singly; on a FIFO queue all of it singly, since order counts."""
    outcome: dict[str, list] = {"Successful": [], "Failed": []}
    sound = [entry for entry in entries if entry["Id"] not in faults]
    together = [entry for entry in sound if not entry.get("MessageSystemAttributes") and not url.endswith(".fifo")]
    if together:
        batch = await calls.call("SendMessageBatch", QueueUrl=url, Entries=together)
        for kind in outcome:
            outcome[kind] += batch.get(kind, [])
    for entry in entries:
        if entry in together:
            continue
        try:
            if entry["Id"] in faults:
                raise CallFailed(INVALID, faults[entry["Id"]])
            message = {name: value for name, value in entry.items() if name != "Id"}
            sent = await calls.call("SendMessage", QueueUrl=url, **message)
            outcome["Successful"].append({"Id": entry["Id"], **sent})
        except CallFailed as failure:
            outcome["Failed"].append({"Id": entry["Id"], "SenderFault": True, "Code": failure.code,
                                      "Message": failure.text})
    return outcome


def _rename_dead_letters(answer: Message) -> Message:
    """On its way to a FIFO dead-letter queue a message's deduplication id becomes its message id."""
    content = json.loads(answer.body or b"{}")
    for message in content.get("Messages", []):
        attributes = message.get("Attributes", {})
        if "DeadLetterQueueSourceArn" in attributes and "MessageDeduplicationId" in attributes:
            attributes["MessageDeduplicationId"] = message["MessageId"]
    answer.body = json.dumps(content).encode()
    return answer


def _page(urls: list[str], parameters: dict) -> dict:
    start, size = int(parameters.get("NextToken") or 0), parameters.get("MaxResults") or len(urls)
    page = {"queueUrls": urls[start:start + size]}
    return page | {"NextToken": str(start + size)} if start + size < len(urls) else page


def _is_fifo(parameters: dict) -> bool:
    return parameters.get("QueueUrl", "").endswith(".fifo")


def _code(answer: Message) -> str:
    return json.loads(answer.body or b"{}").get("__type", "").rpartition("#")[2]
