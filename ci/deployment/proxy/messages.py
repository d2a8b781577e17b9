"""HTTP/1.1 messages, read whole and written whole: what SQS and STS exchange is small."""

import asyncio
import dataclasses
import email.utils
import json
import uuid

# A head is a few hundred bytes; signatures and session tokens make it some kilobytes.
HEAD_LIMIT = 65_536
# Above the largest SQS request (1 MiB of messages, more as JSON with escapes).
BODY_LIMIT = 16 * 1_048_576
JSON_TYPE = "application/x-amz-json-1.0"
# They speak of one connection, and each side has its own.
HOP_HEADERS = {"connection", "keep-alive", "transfer-encoding", "content-length", "expect"}


class BadMessage(Exception):
    """Bytes that are no HTTP message we could pass on."""


@dataclasses.dataclass
class Message:
    """A request or an answer: `start` is its first line; header names keep their spelling."""

    start: str
    headers: list[tuple[str, str]]
    body: bytes = b""

    def header(self, name: str) -> str:
        """The value of a header by its lower-case name, empty when absent."""
        return next((value for key, value in self.headers if key.lower() == name), "")

    @property
    def status(self) -> int:
        """The status of an answer."""
        return int(self.start.split(" ", 2)[1])

    def closes(self) -> bool:
        """Whether the sender ends the connection after this message."""
        return self.header("connection").lower() == "close" or "HTTP/1.0" in self.start

    def encode(self) -> bytes:
        """The bytes of the message, with the length of the body as it is now."""
        lines = [self.start, *(f"{name}: {value}" for name, value in self.headers if name.lower() not in HOP_HEADERS),
                 f"content-length: {len(self.body)}", "", ""]
        return "\r\n".join(lines).encode("latin-1") + self.body


async def read_message(reader: asyncio.StreamReader) -> Message | None:
    """The next message, or nothing when the other side has closed the connection."""
    try:
        head = await reader.readuntil(b"\r\n\r\n")
    except asyncio.IncompleteReadError as error:
        if error.partial:
            raise BadMessage("connection closed within a head") from error
        return None
    except (asyncio.LimitOverrunError, ConnectionError) as error:
        raise BadMessage(str(error)) from error
    lines = head.decode("latin-1").split("\r\n")
    headers = [(name.strip(), value.strip()) for name, _, value in (line.partition(":") for line in lines[1:-2])]
    message = Message(lines[0], headers)
    message.body = await _read_body(reader, message)
    return message


async def _read_body(reader: asyncio.StreamReader, message: Message) -> bytes:
    try:
        if message.header("transfer-encoding").lower() == "chunked":
            return await _read_chunks(reader)
        length = int(message.header("content-length") or 0)
        if length > BODY_LIMIT:
            raise BadMessage("body too large")
        return await reader.readexactly(length) if length else b""
    except (asyncio.IncompleteReadError, ConnectionError, ValueError) as error:
        raise BadMessage(f"unreadable body: {error}") from error


async def _read_chunks(reader: asyncio.StreamReader) -> bytes:
    chunks, total = [], 0
    while size := int((await reader.readline()).split(b";")[0], 16):
        total += size
        if total > BODY_LIMIT:
            raise BadMessage("body too large")
        chunks.append(await reader.readexactly(size))
        await reader.readline()
    while (await reader.readline()).strip():
        pass
    return b"".join(chunks)


def json_answer(content: dict) -> Message:
    """A success of the AWS JSON 1.0 protocol."""
    return answer("200 OK", JSON_TYPE, json.dumps(content).encode())


def json_error(code: str, text: str, query_code: str = "") -> Message:
    """A sender's error of the AWS JSON 1.0 protocol; `query_code` is its name in the older query protocol."""
    body = json.dumps({"__type": f"com.amazonaws.sqs#{code}", "message": text}).encode()
    refusal = answer("400 Bad Request", JSON_TYPE, body)
    refusal.headers.append(("x-amzn-query-error", f"{query_code or code};Sender"))
    return refusal


def answer(status: str, content_type: str, body: bytes) -> Message:
    """An answer of our own, with the headers that every AWS service gives."""
    headers = [("content-type", content_type), ("x-amzn-requestid", str(uuid.uuid4())),
               ("date", email.utils.formatdate(usegmt=True))]
    return Message(f"HTTP/1.1 {status}", headers, body)
