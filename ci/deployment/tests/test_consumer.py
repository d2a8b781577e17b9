"""The consumer model decides as Panther's consumers do."""

import json
import unittest

from deployment.consumer import decide, decide_rules

SOURCES = [
    {"integrationId": "whole", "integrationType": "aws-s3", "s3Bucket": "legacy", "logTypes": ["A.B"]},
    {"integrationId": "short", "integrationType": "aws-s3", "s3Bucket": "b",
     "s3PrefixLogTypes": [{"prefix": "logs/", "excludedPrefixes": ["logs/*/digest/"]}]},
    {"integrationId": "long", "integrationType": "aws-s3", "s3Bucket": "b",
     "s3PrefixLogTypes": [{"prefix": "other/"}, {"prefix": "logs/deep/"}]},
    {"integrationId": "queue", "integrationType": "aws-sqs", "sqsConfig": {"s3Bucket": "staging"}},
    {"integrationId": "scan", "integrationType": "aws-scan", "s3Bucket": "staging"},
    {"integrationId": "old scan", "integrationType": "aws-scan"},
    {"integrationId": "zombie"},
]


def envelope(message) -> str:
    """A notification around a text or an object."""
    return json.dumps({"Type": "Notification", "Message": message if isinstance(message, str) else json.dumps(message)})


def record(bucket, key, **rest):
    """One record of an S3 event."""
    return {"s3": {"bucket": {"name": bucket}, "object": {"key": key, **rest}}}


class LogProcessorTest(unittest.TestCase):
    """Messages of the input queue."""

    def outcomes(self, message):
        return [(found.outcome, found.key, found.source_id) for found in decide(envelope(message), {}, SOURCES)]

    def outcome(self, bucket, key, **rest):
        return self.outcomes({"Records": [record(bucket, key, **({"size": 1} | rest))]})[0]

    def test_the_longest_prefix_wins(self):
        self.assertEqual(self.outcome("b", "logs/x"), ("ingested", "logs/x", "short"))
        self.assertEqual(self.outcome("b", "logs/deep/x"), ("ingested", "logs/deep/x", "long"))
        self.assertEqual(self.outcome("legacy", "x"), ("ingested", "x", "whole"))
        self.assertEqual(self.outcome("staging", "forwarder/x"), ("ingested", "forwarder/x", "queue"))
        self.assertEqual(self.outcome("staging", "cloudsecurity/x"), ("ingested", "cloudsecurity/x", "scan"))

    def test_what_nobody_covers_is_dropped(self):
        self.assertEqual(self.outcome("b", "elsewhere/x"), ("dropped", "elsewhere/x", ""))
        self.assertEqual(self.outcome("stranger", "logs/x"), ("dropped", "logs/x", ""))

    def test_excluded_prefixes(self):
        self.assertEqual(self.outcome("b", "logs/2026/digest/x")[0], "skipped")

    def test_keys_are_path_unescaped(self):
        for sent, meant in {"logs/a%20b.log": "logs/a b.log", "logs/a+b.log": "logs/a+b.log",
                            "logs/100%25.log": "logs/100%.log", "logs/%C3%BC/%E6%97%A5.gz": "logs/ü/日.gz",
                            "logs/x%3D1/y&z%3Cq%3E": "logs/x=1/y&z<q>", "logs/a%0Ab": "logs/a\nb"}.items():
            self.assertEqual(self.outcome("b", sent), ("ingested", meant, "short"))

    def test_one_bad_escape_spoils_the_message(self):
        for key in ("logs/100%.log", "logs/%", "logs/%2", "logs/%zz"):
            records = [record("b", "logs/good", size=1), record("b", key, size=1)]
            self.assertEqual(self.outcomes({"Records": records}), [("error", "", "")])

    def test_empty_objects_and_folders_are_skipped(self):
        self.assertEqual(self.outcome("b", "logs/x", size=0)[0], "skipped")
        self.assertEqual(self.outcomes({"Records": [record("b", "logs/x")]})[0][0], "skipped")
        self.assertEqual(self.outcome("b", "logs/x/")[0], "skipped")

    def test_cloudtrail_notices_have_raw_keys_and_no_size(self):
        self.assertEqual(self.outcomes({"s3Bucket": "b", "s3ObjectKey": ["logs/100%.log", "logs/a%20b"]}),
                         [("ingested", "logs/100%.log", "short"), ("ingested", "logs/a%20b", "short")])
        self.assertEqual(self.outcomes({"s3ObjectKey": ["logs/x"]})[0][0], "error")

    def test_greetings_are_accepted_and_all_else_is_an_error(self):
        for message in ({"Event": "s3:TestEvent"}, "CloudTrail validation message."):
            self.assertEqual(self.outcomes(message)[0][0], "skipped")
        for message in ("hello", {}, {"Records": []}, {"Records": [{}]}, {"Records": [record("b", "k", size="1")]}):
            self.assertEqual(self.outcomes(message)[0][0], "error")
        for body in ("", "[]", "{}", json.dumps({"Records": [record("b", "logs/x", size=1)]})):
            self.assertEqual(decide(body, {}, SOURCES)[0].outcome, "error")
        confirmation = json.dumps({"Type": "SubscriptionConfirmation", "Token": "t", "TopicArn": "a"})
        self.assertEqual(decide(confirmation, {}, SOURCES)[0].outcome, "skipped")


class RulesEngineTest(unittest.TestCase):
    """Messages of the rules engine's queue."""

    def test_the_attribute_is_required_and_the_key_is_raw(self):
        body = json.dumps({"Records": [record("p", "logs/aws_cloudtrail/year=2026/a%20b.json.gz", size=0)]})
        found, = decide_rules(body, {"id": {"DataType": "String", "StringValue": "AWS.CloudTrail"}})
        self.assertEqual((found.outcome, found.key, found.log_type),
                         ("ingested", "logs/aws_cloudtrail/year=2026/a%20b.json.gz", "AWS.CloudTrail"))
        self.assertEqual(decide_rules(body, {})[0].outcome, "error")
        self.assertEqual(decide_rules(envelope("{}"), {"id": {"StringValue": "x"}})[0].outcome, "error")


if __name__ == "__main__":
    unittest.main()
