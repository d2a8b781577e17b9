"""Calls of AWS services from a function: by its own role, or by credentials of a role that it assumed.

The emulator takes the access key and the region from the signature and does not verify the rest, so none is made.
"""

import http.client
import json
import os
import urllib.parse
import xml.etree.ElementTree
from dataclasses import dataclass


class Refused(Exception):
    """A service said no; `text` is what the AWS SDK for Go makes of the answer."""

    def __init__(self, status: int, code: str, message: str):
        self.status, self.code = status, code
        self.text = f"{code}: {message}\n\tstatus code: {status}, request id: 00000000-0000-4000-8000-000000000000"
        super().__init__(self.text)


@dataclass(frozen=True)
class Caller:
    """Somebody with an access key, calling in one region."""

    access_key: str
    region: str

    def request(self, service: str, method: str, path: str, body: bytes = b"", headers: dict | None = None) -> bytes:
        """One request; raises Refused for anything but a success."""
        endpoint = urllib.parse.urlsplit(os.environ[f"AWS_ENDPOINT_URL_{service.upper()}"])
        scope = f"{self.access_key}/20200101/{self.region}/{service}/aws4_request"
        signed = {"Authorization": f"AWS4-HMAC-SHA256 Credential={scope}, SignedHeaders=host, Signature=0"}
        connection = http.client.HTTPConnection(endpoint.hostname, endpoint.port)
        try:
            connection.request(method, path, body, signed | (headers or {}))
            answer = connection.getresponse()
            content = answer.read()
        finally:
            connection.close()
        if answer.status >= 300:
            raise Refused(answer.status, *_reason(content, answer.status))
        return content

    def target(self, service: str, action: str, body: bytes) -> bytes:
        """A call of a service that speaks JSON."""
        return self.request(service, "POST", "/", body, {
            "X-Amz-Target": action, "Content-Type": "application/x-amz-json-1.0"})

    def query(self, service: str, **form: str) -> xml.etree.ElementTree.Element:
        """A call of a service that takes a form, answered in XML; without its name spaces."""
        return parse(self.request(service, "POST", "/", urllib.parse.urlencode(form).encode(), {
            "Content-Type": "application/x-www-form-urlencoded"}))


def own() -> Caller:
    """The function's role."""
    return Caller(os.environ["AWS_ACCESS_KEY_ID"], os.environ["AWS_REGION"])


def assume(role: str, region: str) -> Caller:
    """Somebody in that role."""
    answer = own().query("sts", Action="AssumeRole", Version="2011-06-15", RoleArn=role, RoleSessionName="panther")
    return Caller(answer.findtext(".//AccessKeyId", ""), region)


def parse(content: bytes) -> xml.etree.ElementTree.Element:
    """An XML document without its name spaces."""
    root = xml.etree.ElementTree.fromstring(content)
    for element in root.iter():
        element.tag = element.tag.rpartition("}")[2]
    return root


def _reason(content: bytes, status: int) -> tuple[str, str]:
    """Code and message; a refused HEAD has no body, and an SDK then makes up a code of the status."""
    if not content:
        return http.client.responses[status].replace(" ", ""), ""
    try:
        found = json.loads(content)
        return found.get("__type", "").rpartition("#")[2], found.get("message") or found.get("Message") or ""
    except ValueError:
        found = parse(content)
        return found.findtext(".//Code", ""), found.findtext(".//Message", "")
