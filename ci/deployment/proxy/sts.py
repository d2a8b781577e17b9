"""STS as AWS answers it: a role that does not exist, or does not trust the caller, is not given away.

ministack hands out credentials for any role name. Everything but AssumeRole is passed on.
"""

import json
import urllib.parse
import uuid
import xml.etree.ElementTree
from xml.sax.saxutils import escape

from .messages import Message, answer
from .trust import Caller, trusts
from .upstream import Upstream

IAM = "{https://iam.amazonaws.com/doc/2010-05-08/}"
STS = "{https://sts.amazonaws.com/doc/2011-06-15/}"


class Sts:
    """The service behind the STS listener."""

    def __init__(self, upstream: Upstream):
        self.upstream = upstream

    async def serve(self, request: Message) -> Message:
        """Answers one request; the query protocol is what every SDK speaks with STS."""
        form = dict(urllib.parse.parse_qsl(request.body.decode("utf-8", "replace")))
        arn = form.get("RoleArn", "")
        if form.get("Action") == "AssumeRole" and arn.startswith("arn:") and ":role/" in arn:
            caller = await self._caller(request)
            trust = await self._trust_policy(arn)
            if caller and not (trust and trusts(trust, caller, form)):
                return _denied(f"User: {caller.arn} is not authorized to perform: sts:AssumeRole on resource: {arn}")
        return await self.upstream.exchange(request)

    async def _caller(self, request: Message) -> Caller | None:
        """Who calls; nothing when the credentials themselves are refused, which the call then says by itself."""
        question = Message(request.start, request.headers, b"Action=GetCallerIdentity&Version=2011-06-15")
        reply = await self.upstream.exchange(question)
        if reply.status != 200:
            return None
        identity = xml.etree.ElementTree.fromstring(reply.body)
        return Caller(identity.findtext(f".//{STS}Arn", ""), identity.findtext(f".//{STS}Account", ""))

    async def _trust_policy(self, arn: str) -> dict | None:
        """The role's trust policy, from the account that the ARN names; nothing when there is no such role."""
        account, name = arn.split(":")[4], arn.rpartition("/")[2]
        credential = f"{account}/20200101/us-east-1/iam/aws4_request"
        headers = [("host", "iam.amazonaws.com"), ("content-type", "application/x-www-form-urlencoded"),
                   ("authorization", f"AWS4-HMAC-SHA256 Credential={credential}, SignedHeaders=host, Signature=0")]
        form = urllib.parse.urlencode({"Action": "GetRole", "RoleName": name, "Version": "2010-05-08"})
        reply = await self.upstream.exchange(Message("POST / HTTP/1.1", headers, form.encode()))
        if reply.status != 200:
            return None
        role = xml.etree.ElementTree.fromstring(reply.body)
        if role.findtext(f".//{IAM}Arn") != arn:
            return None
        return json.loads(urllib.parse.unquote(role.findtext(f".//{IAM}AssumeRolePolicyDocument", "{}")))


def _denied(text: str) -> Message:
    request_id = uuid.uuid4()
    body = ('<ErrorResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><Error><Type>Sender</Type>'
            f"<Code>AccessDenied</Code><Message>{escape(text)}</Message></Error>"
            f"<RequestId>{request_id}</RequestId></ErrorResponse>")
    return answer("403 Forbidden", "text/xml", body.encode())
