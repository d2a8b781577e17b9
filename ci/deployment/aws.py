"""A lean AWS client for the deployment's own seeding and looking: the SDK takes longer to load than all of it takes.

ministack takes account, region and service from a request's signature and does not verify it, so none is made.
"""

import base64
import http.client
import json
import urllib.parse
import xml.etree.ElementTree

from .state import Record

TARGETS = {"sqs": "AmazonSQS", "dynamodb": "DynamoDB_20120810", "kms": "TrentService"}
VERSIONS = {"sns": "2010-03-31", "iam": "2010-05-08"}
# An object is put by a whole request; a slow machine may need seconds for a large listing.
TIMEOUT_SECONDS = 60


class AwsError(Exception):
    """A refusal, with its AWS code."""

    def __init__(self, status: int, code: str, text: str):
        super().__init__(f"{code}: {text} (HTTP {status})")
        self.status, self.code = status, code


class Account:
    """Calls in the name of one account, in one region. Connections are kept; not to be shared between threads."""

    def __init__(self, record: Record, identifier: str = "", region: str = ""):
        self.record = record
        self.identifier = identifier or record.account
        self.region = region or record.region
        self._connections: dict[int, http.client.HTTPConnection] = {}

    def json(self, service: str, action: str, **parameters) -> dict:
        """A call of SQS, DynamoDB or KMS; bytes become base64."""
        body = json.dumps(parameters, default=lambda value: base64.b64encode(value).decode())
        headers = {"x-amz-target": f"{TARGETS[service]}.{action}", "content-type": "application/x-amz-json-1.0"}
        return json.loads(self.rest(service, "POST", "/", body.encode(), headers) or b"{}")

    def query(self, service: str, action: str, **parameters: str) -> xml.etree.ElementTree.Element:
        """A call of SNS or IAM, with the parameters as they stand in the form; the answer without name spaces."""
        form = {"Action": action, "Version": VERSIONS[service]} | parameters
        headers = {"content-type": "application/x-www-form-urlencoded"}
        return parse(self.rest(service, "POST", "/", urllib.parse.urlencode(form).encode(), headers))

    def rest(self, service: str, method: str, path: str, body: bytes = b"", headers: dict | None = None) -> bytes:
        """A plain request, for S3 and Lambda; returns the body of a success."""
        request = (method, path, body, self._identity(service) | (headers or {}))
        connection = self._connection(service)
        try:
            connection.request(*request)
            answer = connection.getresponse()
        except (http.client.RemoteDisconnected, BrokenPipeError, ConnectionResetError):
            # A connection that was idle too long: the server closed it and has not seen the request.
            connection.close()
            connection.request(*request)
            answer = connection.getresponse()
        content = answer.read()
        if answer.status >= 300:
            raise AwsError(answer.status, *_refusal(content))
        return content

    def close(self) -> None:
        """Closes the kept connections; a later call opens them again."""
        for connection in self._connections.values():
            connection.close()

    def _connection(self, service: str) -> http.client.HTTPConnection:
        port = self.record.ports.get(service, self.record.ports["ministack"])
        if port not in self._connections:
            self._connections[port] = http.client.HTTPConnection("127.0.0.1", port, timeout=TIMEOUT_SECONDS)
        return self._connections[port]

    def _identity(self, service: str) -> dict[str, str]:
        scope = f"{self.identifier}/20200101/{self.region}/{service}/aws4_request"
        return {"authorization": f"AWS4-HMAC-SHA256 Credential={scope}, SignedHeaders=host, Signature=0"}


def entries(name: str, values: dict[str, str]) -> dict[str, str]:
    """A map as the query protocol writes it."""
    return {f"{name}.entry.{number}.{part}": text for number, pair in enumerate(values.items(), 1)
            for part, text in zip(("key", "value"), pair)}


def parse(content: bytes) -> xml.etree.ElementTree.Element:
    """An XML answer without its name spaces, which differ from service to service."""
    root = xml.etree.ElementTree.fromstring(content)
    for element in root.iter():
        element.tag = element.tag.rpartition("}")[2]
    return root


def typed(value) -> dict:
    """A value as DynamoDB's protocol writes it."""
    if isinstance(value, bool):
        return {"BOOL": value}
    if isinstance(value, int):
        return {"N": str(value)}
    if isinstance(value, (set, frozenset)):
        return {"SS": sorted(value)}
    if isinstance(value, list):
        return {"L": [typed(element) for element in value]}
    if isinstance(value, dict):
        return {"M": {name: typed(element) for name, element in value.items()}}
    return {"S": value}


def _refusal(content: bytes) -> tuple[str, str]:
    try:
        found = json.loads(content)
        kind = found.get("__type") or found.get("Type") or ""
        return kind.rpartition("#")[2], found.get("message") or found.get("Message") or ""
    except ValueError:
        pass
    try:
        found = parse(content)
        return found.findtext(".//Code") or "", found.findtext(".//Message") or ""
    except xml.etree.ElementTree.ParseError:
        return "", content.decode("utf-8", "replace")
