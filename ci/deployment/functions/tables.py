"""Reading and updating DynamoDB tables by its JSON protocol."""

import http.client
import json
import os
import urllib.parse
from typing import Iterator


def scan(table: str) -> Iterator[dict]:
    """Every item of a table, page by page, as plain values."""
    start = {}
    while True:
        page = _call("Scan", TableName=table, **start)
        yield from map(_plain_item, page["Items"])
        if "LastEvaluatedKey" not in page:
            return
        start = {"ExclusiveStartKey": page["LastEvaluatedKey"]}


def first_page(table: str) -> list[dict]:
    """What one call gives, a megabyte at most."""
    return [_plain_item(item) for item in _call("Scan", TableName=table)["Items"]]


def _plain_item(item: dict) -> dict:
    return {name: plain(value) for name, value in item.items()}


def set_text(table: str, key: dict[str, str], name: str, value: str) -> bool:
    """Sets one text attribute of an item that exists; tells whether there was one."""
    answer = _call("UpdateItem", TableName=table, Key={field: {"S": text} for field, text in key.items()},
                   UpdateExpression="SET #name = :value", ExpressionAttributeValues={":value": {"S": value}},
                   ExpressionAttributeNames={"#name": name, "#key": next(iter(key))},
                   ConditionExpression="attribute_exists(#key)")
    return not answer.get("__type", "").endswith("ConditionalCheckFailedException")


def plain(value: dict) -> object:
    """A DynamoDB value without its type: sets become lists, whole numbers integers."""
    (kind, content), = value.items()
    if kind == "NULL":
        return None
    if kind == "N":
        return int(content) if content.lstrip("-").isdigit() else float(content)
    if kind == "L":
        return [plain(element) for element in content]
    if kind == "M":
        return {name: plain(element) for name, element in content.items()}
    return sorted(content) if kind in ("SS", "NS", "BS") else content


def _call(action: str, **parameters) -> dict:
    endpoint = urllib.parse.urlsplit(os.environ["AWS_ENDPOINT_URL_DYNAMODB"])
    scope = f"{os.environ['AWS_ACCESS_KEY_ID']}/20200101/{os.environ['AWS_REGION']}/dynamodb/aws4_request"
    connection = http.client.HTTPConnection(endpoint.hostname, endpoint.port)
    try:
        connection.request("POST", "/", json.dumps(parameters), {
            "X-Amz-Target": f"DynamoDB_20120810.{action}", "Content-Type": "application/x-amz-json-1.0",
            # ministack takes account and region from the signature and does not verify it.
            "Authorization": f"AWS4-HMAC-SHA256 Credential={scope}, SignedHeaders=host, Signature=0"})
        answer = connection.getresponse()
        content = json.loads(answer.read())
    finally:
        connection.close()
    if answer.status != 200 and not content.get("__type", "").endswith("ConditionalCheckFailedException"):
        raise RuntimeError(f"{action}: {content}")
    return content
