"""panther-message-forwarder: stages what arrives in the queues of aws-sqs sources, as lines that name their source.

Panther hands the lines to Firehose, which gathers them into objects; here each batch becomes an object by itself.
"""

import gzip
import json
import os
import time
import uuid

import runtime
from calls import own

QUEUE_PREFIX = "panther-source-"


def forward(event: dict) -> None:
    """Stages one batch of messages; an error brings all of them back."""
    lines = [json.dumps({"payload": record["body"], "sourceId": _source(record)}) for record in event["Records"]]
    key = f"forwarder/{time.strftime('%Y/%m/%d/%H', time.gmtime())}/{uuid.uuid4()}.gz"
    own().request("s3", "PUT", f"/{os.environ['INPUT_DATA_BUCKET']}/{key}", gzip.compress("\n".join(lines).encode()))


def _source(record: dict) -> str:
    return record["eventSourceARN"].rpartition(":")[2].removeprefix(QUEUE_PREFIX)


if __name__ == "__main__":
    runtime.run(forward)
