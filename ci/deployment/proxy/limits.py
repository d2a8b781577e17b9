"""What AWS refuses and ministack accepts: sizes, counts and ranges of SQS requests."""

import base64

MAX_ATTRIBUTES = 10
MAX_DELAY_SECONDS = 900
MAX_VISIBILITY_SECONDS = 43_200
MAX_WAIT_SECONDS = 20
MAX_BATCH_ENTRIES = 10


def message_size(message: dict) -> int:
    """What AWS counts: the body, and of each attribute the name, the type and the value."""
    size = len(message.get("MessageBody", "").encode())
    for name, attribute in (message.get("MessageAttributes") or {}).items():
        size += len(name.encode()) + len(attribute.get("DataType", "").encode())
        size += len(attribute.get("StringValue", "").encode())
        size += len(base64.b64decode(attribute.get("BinaryValue", "")))
    return size


def message_fault(message: dict, maximum_size: int, fifo: bool) -> str:
    """Why AWS would refuse this message as an InvalidParameterValue; empty when it would not."""
    attributes = message.get("MessageAttributes") or {}
    if len(attributes) > MAX_ATTRIBUTES:
        return f"Number of message attributes [{len(attributes)}] exceeds the allowed maximum [{MAX_ATTRIBUTES}]."
    if message_size(message) > maximum_size:
        return f"One or more parameters are invalid. Reason: Message must be shorter than {maximum_size} bytes."
    delay = message.get("DelaySeconds") or 0
    if not 0 <= delay <= MAX_DELAY_SECONDS:
        return (f"Value {delay} for parameter DelaySeconds is invalid. "
                f"Reason: DelaySeconds must be >= 0 and <= {MAX_DELAY_SECONDS}.")
    if message.get("MessageDeduplicationId") and not fifo:
        return (f"Value {message['MessageDeduplicationId']} for parameter MessageDeduplicationId is invalid. "
                "Reason: The request includes a parameter that is not valid for this queue type.")
    return ""


def range_fault(request: dict) -> str:
    """The same for the times of ReceiveMessage and ChangeMessageVisibility, or one entry of its batch."""
    for name, limit in (("VisibilityTimeout", MAX_VISIBILITY_SECONDS), ("WaitTimeSeconds", MAX_WAIT_SECONDS)):
        value = request.get(name)
        if value is not None and not 0 <= value <= limit:
            return (f"Value {value} for parameter {name} is invalid. "
                    f"Reason: Must be >= 0 and <= {limit}, if provided.")
    return ""


def well_formed_batch(entries: list[dict]) -> bool:
    """Whether a batch may be taken apart; what is wrong with another one, ministack says as AWS does."""
    identifiers = [entry.get("Id", "") for entry in entries]
    return 1 <= len(entries) <= MAX_BATCH_ENTRIES and all(identifiers) and len(set(identifiers)) == len(identifiers)
