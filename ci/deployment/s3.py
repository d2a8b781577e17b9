"""The S3 calls that the deployment needs for itself."""

import dataclasses
import urllib.parse
from typing import Iterator
from xml.sax.saxutils import escape

from .aws import Account, AwsError, parse

PAGE = 1000


@dataclasses.dataclass(frozen=True)
class Version:
    """One version of a key, or a delete marker."""

    key: str
    version: str
    latest: bool
    marker: bool


def create_bucket(account: Account, name: str) -> None:
    """Creates a bucket in the account's region, or finds that the account has it already."""
    body = (f"<CreateBucketConfiguration><LocationConstraint>{account.region}</LocationConstraint>"
            "</CreateBucketConfiguration>")
    try:
        account.rest("s3", "PUT", f"/{name}", body.encode())
    except AwsError as error:
        if error.code != "BucketAlreadyOwnedByYou":
            raise


def configure(account: Account, bucket: str, setting: str, body: str) -> None:
    """Sets one of a bucket's settings, such as `versioning`, by its document."""
    account.rest("s3", "PUT", f"/{bucket}?{setting}", body.encode())


def list_objects(account: Account, bucket: str, prefix: str = "") -> Iterator[tuple[str, int, str]]:
    """Keys with sizes and storage classes, page by page."""
    question = {"list-type": "2", "encoding-type": "url", "max-keys": str(PAGE), "prefix": prefix}
    while True:
        answer = parse(account.rest("s3", "GET", f"/{bucket}?{urllib.parse.urlencode(question)}"))
        for item in answer.iter("Contents"):
            yield (urllib.parse.unquote_plus(item.findtext("Key")), int(item.findtext("Size")),
                   item.findtext("StorageClass"))
        token = answer.findtext("NextContinuationToken")
        if not token:
            return
        question["continuation-token"] = token


def list_versions(account: Account, bucket: str, prefix: str) -> Iterator[Version]:
    """Versions and delete markers, page by page."""
    question = {"encoding-type": "url", "max-keys": str(PAGE), "prefix": prefix}
    while True:
        answer = parse(account.rest("s3", "GET", f"/{bucket}?versions&{urllib.parse.urlencode(question)}"))
        for item in answer:
            if item.tag in ("Version", "DeleteMarker"):
                yield Version(urllib.parse.unquote_plus(item.findtext("Key")), item.findtext("VersionId"),
                              item.findtext("IsLatest") == "true", item.tag == "DeleteMarker")
        if answer.findtext("IsTruncated") != "true":
            return
        question |= {"key-marker": urllib.parse.unquote_plus(answer.findtext("NextKeyMarker")),
                     "version-id-marker": answer.findtext("NextVersionIdMarker")}


def list_existing(account: Account, bucket: str) -> list[tuple[str, int, str]]:
    """The same, at once; nothing when there is no such bucket."""
    try:
        return list(list_objects(account, bucket))
    except AwsError as error:
        if error.code != "NoSuchBucket":
            raise
        return []


def delete_objects(account: Account, bucket: str, keys: list[str]) -> None:
    """Deletes objects, a page at a time."""
    for start in range(0, len(keys), PAGE):
        listed = "".join(f"<Object><Key>{escape(key)}</Key></Object>" for key in keys[start:start + PAGE])
        account.rest("s3", "POST", f"/{bucket}?delete", f"<Delete>{listed}<Quiet>true</Quiet></Delete>".encode())
