"""The script that people write to bring deleted objects back: boto3's pages, DeleteObjects for the markers of each."""

import os

import boto3

s3 = boto3.client("s3", endpoint_url=os.environ["ENDPOINT"])
pages = s3.get_paginator("list_object_versions").paginate(Bucket=os.environ["BUCKET"], Prefix=os.environ["PREFIX"])
removed = 0
for page in pages:
    latest = [marker for marker in page.get("DeleteMarkers", []) if marker["IsLatest"]]
    objects = [{"Key": marker["Key"], "VersionId": marker["VersionId"]} for marker in latest]
    if objects:
        answer = s3.delete_objects(Bucket=os.environ["BUCKET"], Delete={"Objects": objects})
        removed += len(answer.get("Deleted", []))
print(removed)
