"""The mass deletion of the incident is as it says, and the drill's verdict on it notices what is done and what is not."""

import contextlib
import io
import json

from deployment import restoration, verdict
from deployment.aws import Account
from deployment.seed import mass_deletion, plan

from .live import LiveTest

SMALL = plan.SIZES["small"]
WATCHED = (plan.RULES_QUEUE, plan.DATA_CATALOG_QUEUE, plan.WAREHOUSE_QUEUE)


class RestorationTest(LiveTest):
    """One small incident, undone step by step; the tests' names give their order."""

    seed = ["--size", "small", "--broken"]

    def judged(self):
        """The verdict's lines, without the messages that the dead letters are."""
        account = Account(self.record)
        self.addCleanup(account.close)
        dead = {message["MessageBody"] for message in verdict.breakage.rules_messages(SMALL)}
        messages = {queue: [one for one in verdict.messages_in(account, queue) if one["Body"] not in dead]
                    for queue in WATCHED}
        with contextlib.redirect_stdout(io.StringIO()):
            return restoration.check(account, SMALL, messages)

    def listed(self):
        pages = self.client("s3").get_paginator("list_object_versions").paginate(Bucket=plan.PROCESSED_DATA_BUCKET)
        for page in pages:
            for marker in page.get("DeleteMarkers", []):
                yield marker["Key"], marker["VersionId"], marker["LastModified"].strftime("%Y-%m-%dT%H:%M:%SZ")

    def remove(self, markers):
        self.client("s3").delete_objects(Bucket=plan.PROCESSED_DATA_BUCKET, Delete={
            "Objects": [{"Key": key, "VersionId": version} for key, version in markers]})

    def publish(self, key):
        kind, identifier = restoration.attributes(key)
        record = {"s3": {"bucket": {"name": plan.PROCESSED_DATA_BUCKET}, "object": {"key": key, "size": 1}}}
        self.client("sns").publish(
            TopicArn=plan.topic_arn(plan.PROCESSED_DATA_TOPIC), Message=json.dumps({"Records": [record]}),
            MessageAttributes={name: {"DataType": "String", "StringValue": value}
                               for name, value in (("type", kind), ("id", identifier))})

    def test_it_is_noticed_when_undone_and_when_told(self):
        shown, hidden, written, data, *told = self.judged()
        self.assertEqual((shown, hidden, written, data, told), (False, True, True, True, [False] * 3))
        restored = {one.key for one in mass_deletion.histories(SMALL) if one.restored()}
        markers = [(key, version, time) for key, version, time in self.listed() if key in restored]
        within = [(key, version) for key, version, time in markers
                  if mass_deletion.SINCE <= time < mass_deletion.UNTIL]
        # One key was deleted, and written again, before the script came: that marker lies below data.
        self.assertLess(len(within), len(markers))
        self.remove(within)
        self.assertEqual(self.judged()[:4], [True] * 4)
        for key in restored:
            self.publish(key)
        self.assertEqual(self.judged(), [True] * 7)
        self.publish(min(restored))
        self.assertFalse(all(self.judged()[4:]))
        retired = next(one for one in mass_deletion.histories(SMALL) if one.kind == "retired")
        self.remove([(key, version) for key, version, _ in self.listed() if key == retired.key])
        self.assertEqual(self.judged()[:4], [True, False, True, True])
        self.remove([(retired.key, version) for version in retired.data_versions()])
        self.assertEqual(self.judged()[:4], [True, True, True, False])
