"""What Panther's consumers make of a message: pure decisions, by which the drill and the tests judge what tools sent.

`decide` is the log processor behind the input queue, `decide_rules` the rules engine behind its queue. Both return one
outcome per object that the message names, or one for the whole message when it names none:

* `ingested`  the consumer reads the object (whether it is there, the caller can look up)
* `skipped`   the consumer ignores it on purpose, and the message is done with
* `dropped`   no source covers it: done with, too, and nobody notices
* `error`     the consumer fails, the message stays and ends in the dead-letter queue
"""

import dataclasses
import json
import re

# Where sources of these types stage what they receive, each in a bucket of Panther's.
FORWARDER_PREFIX, SCAN_PREFIX = "forwarder", "cloudsecurity"
CLOUDTRAIL_GREETING = "CloudTrail validation message."
# What a CloudTrail notice says of the size: nothing.
UNKNOWN_SIZE = -1
_ESCAPE = re.compile(rb"%([0-9a-fA-F]{2})?")


@dataclasses.dataclass(frozen=True)
class Outcome:
    """What becomes of one object, or of a message without objects."""

    outcome: str
    reason: str = ""
    bucket: str = ""
    key: str = ""
    size: int = UNKNOWN_SIZE
    source_id: str = ""
    log_type: str = ""


@dataclasses.dataclass(frozen=True)
class Mapping:
    """One prefix of one source."""

    bucket: str
    prefix: str
    source_id: str
    label: str
    excluded: tuple[str, ...] = ()

    def covers(self, bucket: str, key: str) -> bool:
        """Whether the key lies under this prefix."""
        return self.bucket == bucket and key.startswith(self.prefix)

    def excludes(self, key: str) -> bool:
        """Whether an excluded prefix takes the key out again; `*` stands for any characters. (Panther 1.16 had none.)"""
        patterns = (".*".join(map(re.escape, prefix.split("*"))) for prefix in self.excluded)
        return any(re.match(pattern, key, re.DOTALL) for pattern in patterns)


class Undecodable(Exception):
    """The consumer cannot read the message."""


def decide(body: str, attributes: dict, sources: list[dict]) -> list[Outcome]:
    """The log processor. `attributes` are not looked at. `sources` are rows of the table or answers of the API."""
    del attributes
    table = mappings(sources)
    try:
        notice = _open_envelope(body)
        found = [] if notice is None else _named_objects(notice)
    except Undecodable as error:
        return [Outcome("error", str(error))]
    if not found:
        return [Outcome("skipped", "names no object")]
    return [_judge(bucket, key, size, table) for bucket, key, size in found]


def decide_rules(body: str, attributes: dict) -> list[Outcome]:
    """The rules engine. `attributes` as SQS gives them; the key is taken as it stands, nothing is decoded."""
    try:
        log_type = attributes["id"]["StringValue"]
    except (KeyError, TypeError):
        return [Outcome("error", "no attribute `id`")]
    try:
        records = json.loads(body)["Records"]
        return [Outcome("ingested", "", record["s3"]["bucket"]["name"], record["s3"]["object"]["key"],
                        record["s3"]["object"].get("size", UNKNOWN_SIZE), log_type=log_type) for record in records]
    except (ValueError, KeyError, TypeError) as error:
        return [Outcome("error", f"no S3 event: {error!r}")]


def mappings(sources: list[dict]) -> list[Mapping]:
    """Every prefix of every source, longest first: the order in which the log processor tries them."""
    found = [mapping for source in sources for mapping in _mappings_of(source)]
    return sorted(found, key=lambda mapping: -len(mapping.prefix))


def _mappings_of(source: dict) -> list[Mapping]:
    identity = (source.get("integrationId", ""), source.get("integrationLabel", ""))
    kind = source.get("integrationType")
    if kind == "aws-s3":
        # Older rows have one prefix, and their log types apart.
        prefixes = source.get("s3PrefixLogTypes") or [{"prefix": source.get("s3Prefix", "")}]
        return [Mapping(source["s3Bucket"], entry.get("prefix", ""), *identity,
                        tuple(entry.get("excludedPrefixes") or ())) for entry in prefixes]
    if kind == "aws-sqs":
        return [Mapping(source["sqsConfig"]["s3Bucket"], FORWARDER_PREFIX, *identity)]
    if kind == "aws-scan" and source.get("s3Bucket"):
        return [Mapping(source["s3Bucket"], SCAN_PREFIX, *identity)]
    return []


def path_unescape(text: str) -> str:
    """Decodes %XX and nothing else: `+` stays. A percent sign without two digits makes the whole message unreadable."""
    raw = text.encode()
    if any(match[1] is None for match in _ESCAPE.finditer(raw)):
        raise Undecodable(f"bad percent escape in key `{text}`")
    # Bytes that are no UTF-8 are kept, as marks that print as escapes.
    return _ESCAPE.sub(lambda match: bytes.fromhex(match[1].decode()), raw).decode("utf-8", "surrogateescape")


def _open_envelope(body: str) -> object | None:
    """The notice inside the SNS envelope, parsed, or its text; nothing when there is nothing to do but confirm."""
    try:
        envelope = json.loads(body)
    except ValueError:
        raise Undecodable("the body is not JSON") from None
    kind = envelope.get("Type") if isinstance(envelope, dict) else None
    if kind == "SubscriptionConfirmation":
        return None
    if kind != "Notification":
        raise Undecodable(f"no SNS notification (Type {kind!r})")
    text = envelope.get("Message", "")
    try:
        return json.loads(text)
    except (ValueError, TypeError):
        return text


def _named_objects(notice: object) -> list[tuple[str, str, int]]:
    """Bucket, key and size of every object; empty for notices that are accepted and ignored."""
    if isinstance(notice, dict):
        if isinstance(notice.get("s3ObjectKey"), list) and notice["s3ObjectKey"]:
            if not isinstance(notice.get("s3Bucket"), str):
                raise Undecodable("a CloudTrail notice without bucket")
            return [(notice["s3Bucket"], key, UNKNOWN_SIZE) for key in notice["s3ObjectKey"]]
        if notice.get("Records"):
            return [_recorded(record) for record in notice["Records"]]
        if notice.get("Event") == "s3:TestEvent":
            return []
    if notice == CLOUDTRAIL_GREETING:
        return []
    raise Undecodable("the notification is neither of S3 nor of CloudTrail")


def _recorded(record: dict) -> tuple[str, str, int]:
    try:
        item = record["s3"]["object"]
        size = item.get("size", 0)
        if not isinstance(size, int):
            raise TypeError("size is no number")
        return record["s3"]["bucket"]["name"], path_unescape(item["key"]), size
    except (KeyError, TypeError, AttributeError) as error:
        raise Undecodable(f"an S3 record that cannot be read: {error!r}") from None


def _judge(bucket: str, key: str, size: int, table: list[Mapping]) -> Outcome:
    if size == 0:
        return Outcome("skipped", "size 0 or missing", bucket, key, size)
    if key.endswith("/"):
        return Outcome("skipped", "key ends in /", bucket, key, size)
    mapping = next((mapping for mapping in table if mapping.covers(bucket, key)), None)
    if mapping is None:
        return Outcome("dropped", "no source covers it", bucket, key, size)
    if mapping.excludes(key):
        return Outcome("skipped", "excluded prefix", bucket, key, size, mapping.source_id)
    return Outcome("ingested", "", bucket, key, size, mapping.source_id)
