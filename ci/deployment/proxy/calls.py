"""SQS calls of the proxy itself, in the name of the client whose request caused them."""

import dataclasses
import json

from .messages import Message
from .upstream import Upstream

# Whose resources, and from which address: the account and region are in the signature, queue URLs echo the host.
IDENTITY_HEADERS = {"authorization", "host", "x-amz-security-token", "x-amz-date"}


class CallFailed(Exception):
    """ministack refused a call; `code` is the AWS code."""

    def __init__(self, code: str, text: str):
        super().__init__(f"{code}: {text}")
        self.code, self.text = code, text


@dataclasses.dataclass(frozen=True)
class Calls:
    """Calls with the identity of one client."""

    upstream: Upstream
    identity: tuple[tuple[str, str], ...]

    @classmethod
    def like(cls, upstream: Upstream, request: Message) -> "Calls":
        """With the credentials, and so the account and region, of `request`."""
        return cls(upstream, tuple(pair for pair in request.headers if pair[0].lower() in IDENTITY_HEADERS))

    @property
    def scope(self) -> str:
        """Account key and region of the client, as its signature names them."""
        authorization = next((value for name, value in self.identity if name.lower() == "authorization"), "")
        credential = authorization.partition("Credential=")[2].split(",")[0].split("/")
        return f"{credential[0]}/{credential[2]}" if len(credential) > 2 else ""

    async def call(self, action: str, **parameters) -> dict:
        """One SQS call; raises CallFailed when it is refused."""
        headers = [*self.identity, ("x-amz-target", f"AmazonSQS.{action}"),
                   ("content-type", "application/x-amz-json-1.0")]
        answer = await self.upstream.exchange(
            Message("POST / HTTP/1.1", headers, json.dumps(parameters).encode()))
        content = json.loads(answer.body or b"{}")
        if answer.status != 200:
            raise CallFailed(content.get("__type", "").rpartition("#")[2], content.get("message", ""))
        return content

    async def queue(self, arn: str) -> dict[str, dict]:
        """As `queues`, for the one of this ARN; empty when there is none."""
        try:
            url = (await self.call("GetQueueUrl", QueueName=arn.rpartition(":")[2]))["QueueUrl"]
            attributes = (await self.call("GetQueueAttributes", QueueUrl=url, AttributeNames=["All"]))["Attributes"]
        except CallFailed:
            return {}
        return {attributes["QueueArn"]: attributes | {"QueueUrl": url}}

    async def queues(self) -> dict[str, dict]:
        """The attributes of every queue of the account and region, by ARN, each with its `QueueUrl`."""
        found = {}
        for url in (await self.call("ListQueues")).get("QueueUrls", []):
            try:
                attributes = (await self.call("GetQueueAttributes", QueueUrl=url, AttributeNames=["All"]))["Attributes"]
            except CallFailed:  # deleted between the two calls
                continue
            found[attributes["QueueArn"]] = attributes | {"QueueUrl": url}
        return found


def dead_letter_target(attributes: dict) -> str:
    """The ARN of the queue's dead-letter queue, empty when it has none."""
    return json.loads(attributes.get("RedrivePolicy") or "{}").get("deadLetterTargetArn", "")
