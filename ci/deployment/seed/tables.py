"""DynamoDB tables with exactly the items they should have."""

BATCH = 25


def put_all(dynamodb, table: str, key: list[str], items: list[dict]) -> None:
    """Makes the table when it is missing, writes all items and deletes every other; items are typed, keys are texts."""
    if table not in dynamodb.list_tables()["TableNames"]:
        dynamodb.create_table(
            TableName=table, BillingMode="PAY_PER_REQUEST",
            AttributeDefinitions=[{"AttributeName": name, "AttributeType": "S"} for name in key],
            KeySchema=[{"AttributeName": name, "KeyType": kind} for name, kind in zip(key, ("HASH", "RANGE"))])
    wanted = {tuple(item[name]["S"] for name in key) for item in items}
    pages = dynamodb.get_paginator("scan").paginate(TableName=table)
    found = {tuple(item[name]["S"] for name in key) for page in pages for item in page["Items"]}
    requests = [{"PutRequest": {"Item": item}} for item in items]
    requests += [{"DeleteRequest": {"Key": {name: {"S": text} for name, text in zip(key, values)}}}
                 for values in found - wanted]
    for start in range(0, len(requests), BATCH):
        dynamodb.batch_write_item(RequestItems={table: requests[start:start + BATCH]})
