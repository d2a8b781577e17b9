"""A seeded deployment is what a Panther deployment is, and is the same after a second seeding."""

import json
import os
import pathlib
import subprocess
import urllib.error
import urllib.parse
import urllib.request

from botocore.exceptions import ClientError

from deployment.seed import log_objects, plan, queues, sources
from deployment.seed.s3_source import role_name, source_id

from .live import SANDBOX, LiveTest

SMALL = plan.SIZES["small"]


class SeedTest(LiveTest):
    """One small, broken deployment for all of it; the tests change nothing that another one looks at."""

    seed = ["--size", "small", "--broken"]

    def invoke(self, function, request):
        answer = self.client("lambda").invoke(FunctionName=function, Payload=json.dumps(request))
        return answer.get("FunctionError"), json.loads(answer["Payload"].read())

    def attributes(self, queue):
        sqs = self.client("sqs")
        url = sqs.get_queue_url(QueueName=queue)["QueueUrl"]
        return sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["All"])["Attributes"]

    def test_queues_have_their_settings(self):
        for name, visibility, receives, retention in queues.QUEUES:
            found = self.attributes(name)
            policy = json.loads(found["RedrivePolicy"])
            self.assertEqual((int(found["VisibilityTimeout"]), int(policy["maxReceiveCount"]),
                              int(found["MessageRetentionPeriod"]), found["KmsMasterKeyId"]),
                             (visibility, receives, retention, plan.KMS_ALIAS))
            dead = self.attributes(policy["deadLetterTargetArn"].rpartition(":")[2])
            self.assertEqual(dead["MessageRetentionPeriod"], "1209600")
            self.assertNotIn("KmsMasterKeyId", dead)
        self.assertEqual(queues.dead_letter_name(plan.DATA_CATALOG_QUEUE), "panther-datacatalog-updater-dlq")

    def test_dead_letters_are_as_they_come_in_life(self):
        sqs = self.client("sqs")
        url = sqs.get_queue_url(QueueName=plan.RULES_QUEUE + "-dlq")["QueueUrl"]
        self.assertEqual(self.attributes(plan.INPUT_QUEUE + "-dlq")["ApproximateNumberOfMessages"],
                         str(SMALL.dead_letters))
        messages = []
        while batch := sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10, VisibilityTimeout=5,
                                           MessageAttributeNames=["All"], AttributeNames=["All"]).get("Messages"):
            messages += batch
        self.assertEqual(len(messages), SMALL.dead_letters)
        self.assertEqual({message["Attributes"]["DeadLetterQueueSourceArn"] for message in messages},
                         {plan.queue_arn(plan.RULES_QUEUE)})
        self.assertEqual(sum("AWSTraceHeader" in message["Attributes"] for message in messages), 8)
        kinds = {attribute["DataType"] for message in messages for attribute in message["MessageAttributes"].values()}
        self.assertEqual(kinds, {"String", "Number", "Binary"})

    def test_a_second_seeding_ends_in_the_same_state(self):
        first = self.sandbox("show", "--json")
        self.sandbox("seed", *self.seed)
        self.assertEqual(json.loads(self.sandbox("show", "--json")), json.loads(first))

    def test_sources_of_every_type_come_from_the_function(self):
        fault, found = self.invoke("panther-source-api", {"listIntegrations": {}})
        self.assertIsNone(fault)
        kinds = {source["integrationType"] for source in found}
        self.assertEqual(kinds, {"aws-s3", "aws-sqs", "aws-scan", *sources.LATER_TYPES})
        by_label = {source["integrationLabel"]: source for source in found}
        self.assertEqual(by_label["Acme VPC flow"]["s3PrefixLogTypes"], [{"prefix": "", "logTypes": ["AWS.VPCFlow"]}])
        self.assertNotIn("s3Prefix", by_label["Acme VPC flow"])
        self.assertEqual(by_label["Acme subsidiary cloud"]["s3Bucket"], plan.INPUT_DATA_BUCKET)
        self.assertEqual(by_label["Okta forwarder"]["sqsConfig"]["logTypes"], ["Okta.SystemLog"])
        rows = self.client("dynamodb").scan(TableName="panther-source-integrations")["Items"]
        self.assertEqual(len(rows), len(found) + 1)
        _, scanned = self.invoke("panther-source-api", {"listIntegrations": {"integrationType": "aws-scan"}})
        self.assertEqual({source["integrationType"] for source in scanned}, {"aws-scan"})

    def test_functions_name_their_errors(self):
        for function, request, kind in (
                ("panther-source-api", {"listIntegration": {}}, "InvalidInputError"),
                ("panther-source-api", {"listIntegrations": {}, "listLogTypes": {}}, "InvalidInputError"),
                ("panther-source-api", {"listIntegrations": {"integrationType": "gcp-gcs"}}, "InvalidInputError"),
                ("panther-source-api", {"updateStatus": {"integrationId": "none", "lastEventReceived": "x"}},
                 "DoesNotExistError"), ("panther-logtypes-api", {"GetSchema": {}}, "InvalidInputError")):
            fault, content = self.invoke(function, request)
            self.assertTrue(fault)
            self.assertEqual(content["errorType"], kind)
        fault, content = self.invoke("panther-logtypes-api", {"GetSchema": {"name": "None.Such"}})
        self.assertEqual((fault, set(content["error"])), (None, {"code", "message"}))
        _, content = self.invoke("panther-logtypes-api", {"ListAvailableLogTypes": {}, "GetSchema": None})
        self.assertIn("Custom.Odd", content["logTypes"])
        self.assertNotIn("Custom.Retired", content["logTypes"])

    def test_who_may_list_which_bucket(self):
        operator = self.client("s3")
        self.assertTrue(operator.list_objects_v2(Bucket=plan.CLOUDTRAIL_BUCKET)["KeyCount"])
        with self.assertRaises(ClientError) as caught:
            operator.list_objects_v2(Bucket=plan.RESTRICTED_BUCKET)
        self.assertEqual(caught.exception.response["Error"]["Code"], "AccessDenied")
        sts = self.client("sts")
        role = plan.role_arn(role_name("Acme Restricted"), plan.CUSTOMER_ACCOUNT)
        keys = sts.assume_role(RoleArn=role, RoleSessionName="test")["Credentials"]
        assumed = self.client("s3", keys["AccessKeyId"])
        self.assertEqual(assumed.list_objects_v2(Bucket=plan.RESTRICTED_BUCKET)["KeyCount"], SMALL.restricted)
        with self.assertRaises(ClientError) as caught:
            sts.assume_role(RoleArn=plan.role_arn(role_name("Acme Subsidiary"), plan.SUBSIDIARY_ACCOUNT),
                            RoleSessionName="test")
        self.assertEqual(caught.exception.response["Error"]["Code"], "AccessDenied")

    def test_one_bucket_is_in_another_region(self):
        self.assertEqual(self.client("s3").get_bucket_location(Bucket=plan.FLOW_LOG_BUCKET)["LocationConstraint"],
                         plan.OTHER_REGION)
        there = self.client("s3", region=plan.OTHER_REGION)
        self.assertEqual(there.list_objects_v2(Bucket=plan.FLOW_LOG_BUCKET)["KeyCount"], SMALL.flow_logs)
        address = f"{self.record.endpoint('s3')}/{plan.FLOW_LOG_BUCKET}?list-type=2"
        scope = f"{self.record.account}/20200101/{self.record.region}/s3/aws4_request"
        request = urllib.request.Request(address, headers={
            "authorization": f"AWS4-HMAC-SHA256 Credential={scope}, SignedHeaders=host, Signature=0"})
        with self.assertRaises(urllib.error.HTTPError) as caught:
            urllib.request.urlopen(request)
        caught.exception.close()
        self.assertEqual((caught.exception.code, caught.exception.headers["x-amz-bucket-region"]),
                         (301, plan.OTHER_REGION))

    def test_odd_keys_are_there_and_found_again_by_the_consumer(self):
        listed = self.client("s3").list_objects_v2(Bucket=plan.APPLICATION_BUCKET, Prefix="odd/")
        names = {item["Key"].removeprefix("odd/") for item in listed["Contents"]}
        self.assertLessEqual(set(log_objects.ODD_NAMES), names)
        sqs = self.client("sqs")
        url = sqs.create_queue(QueueName="odd")["QueueUrl"]
        for item in listed["Contents"]:
            event = {"Records": [{"s3": {"bucket": {"name": plan.APPLICATION_BUCKET}, "object": {
                "key": urllib.parse.quote(item["Key"]), "size": item["Size"]}}}]}
            sqs.send_message(QueueUrl=url, MessageBody=json.dumps(
                {"Type": "Notification", "Message": json.dumps(event)}))
        summary = json.loads(self.sandbox("consume", "odd", "--json"))
        self.assertEqual(summary["outcomes"], {"ingested": len(log_objects.ODD_NAMES), "skipped": 3})
        self.sandbox("consume", "odd", "--delete")
        self.assertEqual(json.loads(self.sandbox("consume", "odd", "--json"))["messages"], 0)

    def test_new_objects_are_notified(self):
        theirs = self.client("s3", plan.CUSTOMER_ACCOUNT, plan.OTHER_REGION)
        theirs.put_object(Bucket=plan.FLOW_LOG_BUCKET, Key="new.gz", Body=b"x")
        self.addCleanup(theirs.delete_object, Bucket=plan.FLOW_LOG_BUCKET, Key="new.gz")
        summary = json.loads(self.sandbox("consume", plan.INPUT_QUEUE, "--json", "--delete"))
        self.assertEqual(summary["outcomes"], {"ingested": 1})
        self.assertEqual(summary["by_source"], {source_id("Acme VPC flow"): 1})

    def test_processed_data_reaches_those_who_filter_for_it(self):
        attributes = {"type": {"DataType": "String", "StringValue": "LogData"},
                      "id": {"DataType": "String", "StringValue": "AWS.VPCFlow"}}
        sns, sqs = self.client("sns"), self.client("sqs")
        sns.publish(TopicArn=plan.topic_arn(plan.PROCESSED_DATA_TOPIC), Message="{}", MessageAttributes=attributes)
        received = {}
        for queue in (plan.RULES_QUEUE, plan.DATA_CATALOG_QUEUE, plan.AWS_EVENTS_QUEUE):
            url = sqs.get_queue_url(QueueName=queue)["QueueUrl"]
            received[queue] = sqs.receive_message(QueueUrl=url, MessageAttributeNames=["All"]).get("Messages", [])
            sqs.purge_queue(QueueUrl=url)
        self.assertEqual([len(messages) for messages in received.values()], [1, 1, 0])
        message, = received[plan.RULES_QUEUE]
        self.assertEqual((message["Body"], message["MessageAttributes"]), ("{}", attributes))


class LifeTest(LiveTest):
    """Coming up and going down."""

    def test_up_again_says_so_and_all_listens_on_loopback(self):
        again = subprocess.run([SANDBOX, "up", "--state", self.folder], capture_output=True, text=True, check=True)
        self.assertIn("already up", again.stderr)
        lines = self.sandbox("listeners").splitlines()
        self.assertEqual(len(lines), 3)
        self.assertTrue(all(line.startswith("127.0.0.1:") for line in lines))

    def test_env_is_for_eval(self):
        script = f'eval "$({SANDBOX} env --state {self.folder})"; echo "$AWS_ENDPOINT_URL_SQS $AWS_ENDPOINT_URL_S3"'
        shown = subprocess.run(["sh", "-c", script], capture_output=True, text=True, check=True).stdout.split()
        self.assertEqual(shown, [self.record.endpoint("sqs"), self.record.endpoint("s3")])

    def test_it_ends_with_the_process_that_it_belongs_to(self):
        other = pathlib.Path(self.scratch.name) / "other"
        owner = subprocess.Popen(["sleep", "600"])
        self.addCleanup(owner.kill)
        subprocess.run([SANDBOX, "up", "--state", other, "--exit-with", str(owner.pid)], capture_output=True, check=True)
        from deployment import state
        record = state.StateFolder(other).running()
        owner.kill()
        owner.wait()
        for process in (record.keeper, *record.processes):
            self.assertTrue(process.wait_gone(20), process)
        self.assertFalse(other.exists())

    def test_a_killed_keeper_leaves_nothing_running(self):
        other = pathlib.Path(self.scratch.name) / "killed"
        subprocess.run([SANDBOX, "up", "--state", other, "--exit-with", str(os.getpid())], capture_output=True,
                       check=True)
        from deployment import state
        record = state.StateFolder(other).running()
        os.kill(record.keeper.pid, 9)
        for process in record.processes:
            self.assertTrue(process.wait_gone(20), process)
        subprocess.run([SANDBOX, "down", "--state", other], capture_output=True, check=True)
        self.assertFalse(other.exists())
