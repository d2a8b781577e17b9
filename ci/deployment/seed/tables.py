"""DynamoDB tables with exactly the items they should have."""

from typing import Iterator

from ..aws import Account, typed

BATCH = 25


def put_all(account: Account, table: str, key: list[str], items: list[dict]) -> None:
    """Makes the table when it is missing, writes all items and deletes every other; keys are texts."""
    if table not in account.json("dynamodb", "ListTables")["TableNames"]:
        account.json(
            "dynamodb", "CreateTable", TableName=table, BillingMode="PAY_PER_REQUEST",
            AttributeDefinitions=[{"AttributeName": name, "AttributeType": "S"} for name in key],
            KeySchema=[{"AttributeName": name, "KeyType": kind} for name, kind in zip(key, ("HASH", "RANGE"))])
    wanted = {tuple(item[name] for name in key) for item in items}
    found = {tuple(item[name]["S"] for name in key) for item in rows(account, table)}
    requests = [{"PutRequest": {"Item": typed(item)["M"]}} for item in items]
    requests += [{"DeleteRequest": {"Key": {name: {"S": text} for name, text in zip(key, values)}}}
                 for values in found - wanted]
    for start in range(0, len(requests), BATCH):
        account.json("dynamodb", "BatchWriteItem", RequestItems={table: requests[start:start + BATCH]})


def rows(account: Account, table: str) -> Iterator[dict]:
    """Every row of a table, page by page, with DynamoDB's types."""
    start = {}
    while True:
        page = account.json("dynamodb", "Scan", TableName=table, **start)
        yield from page["Items"]
        if "LastEvaluatedKey" not in page:
            return
        start = {"ExclusiveStartKey": page["LastEvaluatedKey"]}
