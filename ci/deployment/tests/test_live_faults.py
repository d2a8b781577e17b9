"""The planted faults are there, each as the list says, and nothing else is wrong: looked at as a validator would."""

import json
from urllib.parse import urlsplit

import boto3
from botocore.config import Config
from botocore.exceptions import ClientError

from deployment.seed import faults, plan

from .live import LiveTest

READABLE = "STANDARD"
# Listings until a function started by a message must have run.
ATTEMPTS = 2_000
# The checks that are made by calling AWS; what else is planted shows in the list of sources.
CALLING = {"role-assume", "bucket-location", "list-prefix", "read-object", "kms", "notifications", "topic-subscription",
           "queue-policy", "queue"}


class FaultsTest(LiveTest):
    """One deployment with every fault and the drill's incident."""

    seed = ["--size", "small", "--faults", "--broken"]

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.rows = cls.client("dynamodb").scan(TableName="panther-source-integrations")["Items"]
        _, cls.listed = cls.invoke({"listIntegrations": {}})
        cls.planted = json.loads(cls.sandbox("planted"))["planted"]
        url = cls.client("sqs").get_queue_url(QueueName=plan.INPUT_QUEUE)["QueueUrl"]
        attributes = cls.client("sqs").get_queue_attributes(QueueUrl=url, AttributeNames=["Policy"])["Attributes"]
        cls.input_policy = attributes["Policy"]

    @classmethod
    def invoke(cls, request):
        answer = cls.client("lambda").invoke(FunctionName="panther-source-api", Payload=json.dumps(request))
        return answer.get("FunctionError"), json.loads(answer["Payload"].read())

    def assumed(self, role):
        """Clients of somebody in that role, by service and region."""
        keys = self.client("sts").assume_role(RoleArn=role, RoleSessionName="test")["Credentials"]
        return lambda service, region="": boto3.client(
            service, endpoint_url=self.record.endpoint(service), region_name=region or self.record.region,
            aws_access_key_id=keys["AccessKeyId"], aws_secret_access_key=keys["SecretAccessKey"],
            aws_session_token=keys["SessionToken"],
            config=Config(retries={"total_max_attempts": 1}, s3={"addressing_style": "path"}))

    def look(self, source):
        """Yields the checks of one source that fail, each with the code of the refusal; later ones follow from it."""
        kind = source["integrationType"]
        try:
            step = "role-assume"
            if kind == "aws-scan":
                self.assumed(f"arn:aws:iam::{source['awsAccountId']}:role/PantherAuditRole-{self.record.region}")
            elif kind == "aws-sqs":
                step = "queue"
                yield from self.look_at_queue(source["sqsConfig"]["queueUrl"])
            elif kind == "aws-s3":
                for step in self.look_at_bucket(source):
                    if step.startswith("FAIL "):
                        yield step.removeprefix("FAIL "), ""
        except ClientError as error:
            yield step, error.response["Error"]["Code"]

    def look_at_queue(self, url):
        sqs = self.client("sqs")
        arn = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
        found = self.client("lambda").list_event_source_mappings(EventSourceArn=arn)["EventSourceMappings"]
        if [mapping["State"] for mapping in found] != ["Enabled"]:
            yield "queue", ""

    def look_at_bucket(self, source):
        """Yields the name of each check before it is made, and FAIL with it where the answer is not as it should be."""
        yield "role-assume"
        client, bucket, account = self.assumed(source["logProcessingRole"]), source["s3Bucket"], source["awsAccountId"]
        yield "bucket-location"
        region = client("s3").get_bucket_location(Bucket=bucket)["LocationConstraint"]
        if source.get("kmsKey"):
            yield "kms"
            if client("kms").describe_key(KeyId=source["kmsKey"])["KeyMetadata"]["KeyState"] != "Enabled":
                yield "FAIL kms"
        for entry in source["s3PrefixLogTypes"] if source["pantherVersion"] != faults.OLD_VERSION else []:
            yield "list-prefix"
            keys = client("s3", region).list_objects_v2(Bucket=bucket, Prefix=entry["prefix"])["Contents"]
            yield "read-object"
            key = next(key["Key"] for key in keys if key["StorageClass"] == READABLE and key["Size"])
            client("s3", region).get_object(Bucket=bucket, Key=key, Range="bytes=0-0")["Body"].read()
        if f"PantherSubscriptionSID-{account}" not in self.input_policy:
            yield "FAIL queue-policy"
        if source["managedBucketNotifications"]:
            yield from self.look_at_notifications(source, client("s3", region), client("sns", region))

    def look_at_notifications(self, source, s3, sns):
        yield "notifications"
        topic = plan.topic_arn(plan.CUSTOMER_TOPIC, source["awsAccountId"], s3.meta.region_name)
        found = s3.get_bucket_notification_configuration(Bucket=source["s3Bucket"]).get("TopicConfigurations", [])
        covered = {rule["Value"] for one in found if one["TopicArn"] == topic
                   for rule in one["Filter"]["Key"]["FilterRules"]}
        if covered != {entry["prefix"] for entry in source["s3PrefixLogTypes"]}:
            yield "FAIL notifications"
        yield "topic-subscription"
        if plan.queue_arn(plan.INPUT_QUEUE) not in (
                one["Endpoint"] for one in sns.list_subscriptions_by_topic(TopicArn=topic)["Subscriptions"]):
            yield "FAIL topic-subscription"

    def test_what_is_planted_is_found_and_nothing_else(self):
        found = {(source["integrationLabel"], *failure) for source in self.listed for failure in self.look(source)}
        expected = {(label, one["check"], one["code"]) for one in self.planted if one["check"] in CALLING
                    for label in one["labels"]}
        self.assertEqual(found, expected)

    def state(self):
        return json.loads(self.sandbox("show", "--json")), json.loads(self.sandbox("planted"))

    def test_a_second_seeding_ends_in_the_same_state(self):
        first = self.state()
        self.sandbox("seed", *self.seed)
        self.assertEqual(self.state(), first)

    def test_every_planted_thing_names_rows_that_are_there(self):
        ids = {row["integrationId"]["S"] for row in self.rows}
        for one in self.planted:
            self.assertLessEqual(set(one["source_ids"]), ids, one)
            self.assertEqual(len(one["source_ids"]), len(one["labels"]))

    def test_the_reason_of_a_refusal_is_worded_as_by_aws(self):
        client = self.assumed(plan.role_arn("PantherLogProcessingRole-acme-unlisted", plan.CUSTOMER_ACCOUNT))
        with self.assertRaises(ClientError) as caught:
            client("s3").list_objects_v2(Bucket=plan.BRANCH_BUCKET)
        self.assertIn("because no identity-based policy allows the s3:ListBucket action", str(caught.exception))
        client = self.assumed(plan.role_arn("PantherLogProcessingRole-acme-forbidden", plan.CUSTOMER_ACCOUNT))
        with self.assertRaises(ClientError) as caught:
            client("s3").list_objects_v2(Bucket=plan.DENIED_BUCKET)
        self.assertIn("with an explicit deny in a resource-based policy", str(caught.exception))

    def health(self, label, **more):
        """The answer of Panther's own check, for the row as it stands."""
        source = next(source for source in self.listed if source["integrationLabel"] == label)
        names = ("integrationType", "integrationLabel", "awsAccountId", "s3Bucket", "s3PrefixLogTypes", "kmsKey",
                 "managedBucketNotifications", "pantherVersion", "sqsConfig")
        return self.invoke({"integrationHealthCheck": {name: source[name] for name in names if name in source} | more})

    def unhealthy(self, label):
        fault, found = self.health(label)
        self.assertIsNone(fault)
        return {name for name, status in found.items() if isinstance(status, dict) and not status["healthy"]
                and status["message"]}

    def test_the_health_check_sees_the_same_state(self):
        for label, expected in {
                "Acme CloudTrail": set(), "Acme Restricted": set(), "Acme Early": set(), "Okta forwarder": set(),
                # People are refused here, Panther is not.
                "Acme Subsidiary": set(), "Acme Mistrust": {"processingRoleStatus"},
                "Acme Frozen key": {"kmsKeyStatus"}, "Acme Closed key": {"kmsKeyStatus"},
                "Acme Unlisted": {"getObjectStatus"}, "Acme Unreadable": {"getObjectStatus"},
                "Acme Vanished": {"s3BucketStatus", "getObjectStatus"},
                "Acme Misdirected": {"bucketNotificationsStatus"}, faults.QUEUE_GONE: {"sqsStatus"}}.items():
            self.assertEqual(self.unhealthy(label), expected, label)

    def test_the_health_check_has_the_traps_of_its_version(self):
        _, found = self.health("Acme Mistrust")
        self.assertEqual(found["s3BucketStatus"], {"healthy": False, "message": ""})
        self.assertNotIn("getObjectStatus", found)
        fault, _ = self.health("Acme Vanished", managedBucketNotifications=True)
        self.assertTrue(fault)
        fault, _ = self.invoke({"integrationHealthCheck": {"integrationType": "aws-sqs", "integrationLabel": "x"}})
        self.assertTrue(fault)

    def test_what_arrives_in_a_queue_is_staged_with_the_name_of_its_source(self):
        source = next(source for source in self.listed if source["integrationLabel"] == "Okta forwarder")
        name = urlsplit(source["sqsConfig"]["queueUrl"]).path.rpartition("/")[2]
        sqs, s3 = self.client("sqs"), self.client("s3")
        sqs.send_message(QueueUrl=sqs.get_queue_url(QueueName=name)["QueueUrl"], MessageBody="line")
        for _ in range(ATTEMPTS):
            staged = s3.list_objects_v2(Bucket=plan.INPUT_DATA_BUCKET, Prefix="forwarder/").get("Contents", [])
            if staged:
                break
        self.assertEqual(len(staged), 1)


class ManySourcesTest(LiveTest):
    """A table of more than one page."""

    seed = ["--size", "small", "--many-sources"]

    def test_the_function_reads_the_first_page_only(self):
        pages = list(self.client("dynamodb").get_paginator("scan").paginate(TableName="panther-source-integrations"))
        answer = self.client("lambda").invoke(FunctionName="panther-source-api",
                                              Payload=json.dumps({"listIntegrations": {}}))
        self.assertEqual(len(pages), 2)
        self.assertLess(len(json.loads(answer["Payload"].read())), sum(page["Count"] for page in pages) - 1)
