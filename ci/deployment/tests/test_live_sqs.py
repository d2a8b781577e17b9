"""SQS through the proxy answers as AWS does, where a tool that moves messages depends on it."""

import json
import time

from botocore.exceptions import ClientError

from .live import LiveTest

TRACE = {"AWSTraceHeader": {"DataType": "String", "StringValue": "Root=1-5759e988-bd862e3fe1be46a994272793"}}
TEN = {f"text{n}": {"DataType": "String", "StringValue": f"ü{n}"} for n in range(8)} | {
    "number": {"DataType": "Number.int", "StringValue": "42"},
    "bytes": {"DataType": "Binary.png", "BinaryValue": bytes(range(256))}}


class SqsTest(LiveTest):
    """Each test has queues of its own, named after it."""

    def setUp(self):
        self.sqs = self.client("sqs")

    def queue(self, suffix="", **attributes):
        name = self.id().rpartition(".")[2] + suffix
        return self.sqs.create_queue(QueueName=name, Attributes=attributes)["QueueUrl"]

    def with_dead_letters(self, fifo="", receives=1, **attributes):
        kind = {"FifoQueue": "true"} if fifo else {}
        dead = self.queue("-dlq" + fifo, **kind)
        policy = {"deadLetterTargetArn": self.arn(dead), "maxReceiveCount": receives}
        return self.queue(fifo, RedrivePolicy=json.dumps(policy), **kind, **attributes), dead

    def arn(self, url):
        return self.sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]

    def count(self, url):
        names = ["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible"]
        found = self.sqs.get_queue_attributes(QueueUrl=url, AttributeNames=names)["Attributes"]
        return [int(found[name]) for name in names]

    def receive(self, url, **parameters):
        return self.sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10, MessageAttributeNames=["All"],
                                        MessageSystemAttributeNames=["All"], **parameters).get("Messages", [])

    def send(self, url, count, **entry):
        for start in range(0, count, 10):
            entries = [{"Id": str(n), "MessageBody": f"body {n}", **entry} for n in range(start, min(count, start + 10))]
            self.sqs.send_message_batch(QueueUrl=url, Entries=entries)

    def dead_letter(self, url, dead):
        """Receives everything until the redrive policy has moved it."""
        while self.receive(url, VisibilityTimeout=0):
            pass
        self.assertEqual(self.count(url), [0, 0])

    def refused(self, code, call, **parameters):
        with self.assertRaises(ClientError) as caught:
            call(**parameters)
        self.assertEqual(caught.exception.response["Error"]["Code"], code)
        return caught.exception.response["Error"]["Message"]

    def test_a_message_keeps_everything_in_a_batch_too(self):
        url = self.queue()
        self.sqs.send_message(QueueUrl=url, MessageBody="a", MessageAttributes=TEN, MessageSystemAttributes=TRACE,
                              MessageGroupId="fair")
        sent = self.sqs.send_message_batch(QueueUrl=url, Entries=[
            {"Id": "x", "MessageBody": "b", "MessageAttributes": TEN, "MessageSystemAttributes": TRACE},
            {"Id": "y", "MessageBody": "c", "MessageAttributes": TEN}])
        self.assertEqual({entry["Id"] for entry in sent["Successful"]}, {"x", "y"})
        received = {message["Body"]: message for message in self.receive(url)}
        for body in "abc":
            self.assertEqual(received[body]["MessageAttributes"], TEN)
        self.assertEqual([received[body]["Attributes"].get("AWSTraceHeader") for body in "abc"],
                         [TRACE["AWSTraceHeader"]["StringValue"]] * 2 + [None])
        self.assertEqual(received["a"]["Attributes"]["MessageGroupId"], "fair")

    def test_queue_urls_lead_back_to_the_proxy(self):
        url = self.queue()
        self.assertTrue(url.startswith(self.record.endpoint("sqs") + "/" + self.record.account))
        self.assertIn(url, self.sqs.list_queues()["QueueUrls"])

    def test_a_message_dies_after_its_receives(self):
        url, dead = self.with_dead_letters(receives=3)
        self.send(url, 1)
        for receives in "123":
            message, = self.receive(url, VisibilityTimeout=0)
            self.assertEqual(message["Attributes"]["ApproximateReceiveCount"], receives)
        self.assertEqual(self.receive(url), [])
        corpse, = self.receive(dead)
        self.assertEqual(corpse["Attributes"]["DeadLetterQueueSourceArn"], self.arn(url))
        self.assertEqual(corpse["MessageId"], message["MessageId"])
        self.assertEqual(corpse["Attributes"]["SentTimestamp"], message["Attributes"]["SentTimestamp"])

    def test_visibility_can_be_changed(self):
        url = self.queue()
        self.send(url, 1)
        message, = self.receive(url, VisibilityTimeout=60)
        self.assertEqual((self.receive(url), self.count(url)), ([], [0, 1]))
        handle = {"QueueUrl": url, "ReceiptHandle": message["ReceiptHandle"]}
        self.refused("InvalidParameterValue", self.sqs.change_message_visibility, VisibilityTimeout=43201, **handle)
        self.sqs.change_message_visibility(VisibilityTimeout=0, **handle)
        self.assertEqual(len(self.receive(url)), 1)

    def test_a_repeated_delete_succeeds_a_made_up_one_does_not(self):
        url = self.queue()
        self.send(url, 2)
        first, second = self.receive(url)
        for _ in range(2):
            self.sqs.delete_message(QueueUrl=url, ReceiptHandle=first["ReceiptHandle"])
        entries = [{"Id": "1", "ReceiptHandle": first["ReceiptHandle"]},
                   {"Id": "2", "ReceiptHandle": second["ReceiptHandle"]}, {"Id": "3", "ReceiptHandle": "made up"}]
        outcome = self.sqs.delete_message_batch(QueueUrl=url, Entries=entries)
        self.assertEqual({entry["Id"] for entry in outcome["Successful"]}, {"1", "2"})
        self.assertEqual([entry["Id"] for entry in outcome["Failed"]], ["3"])
        self.refused("ReceiptHandleIsInvalid", self.sqs.delete_message, QueueUrl=url, ReceiptHandle="made up")

    def test_limits(self):
        url = self.queue(MaximumMessageSize="1024")
        eleven = TEN | {"more": {"DataType": "String", "StringValue": "1"}}
        self.refused("InvalidParameterValue", self.sqs.send_message, QueueUrl=url, MessageBody="a",
                     MessageAttributes=eleven)
        self.refused("InvalidParameterValue", self.sqs.send_message, QueueUrl=url, MessageBody="a" * 1000,
                     MessageAttributes={"name": {"DataType": "String", "StringValue": "a" * 100}})
        outcome = self.sqs.send_message_batch(QueueUrl=url, Entries=[
            {"Id": "big", "MessageBody": "a" * 1025}, {"Id": "fits", "MessageBody": "a" * 1024}])
        self.assertEqual([entry["Id"] for entry in outcome["Successful"]], ["fits"])
        failed, = outcome["Failed"]
        self.assertEqual((failed["Id"], failed["SenderFault"]), ("big", True))
        large = self.queue("-large")
        self.refused("AWS.SimpleQueueService.BatchRequestTooLong", self.sqs.send_message_batch, QueueUrl=large,
                     Entries=[{"Id": str(n), "MessageBody": "a" * 600_000} for n in range(2)])
        self.refused("AWS.SimpleQueueService.BatchEntryIdsNotDistinct", self.sqs.send_message_batch, QueueUrl=large,
                     Entries=[{"Id": "1", "MessageBody": "a"}] * 2)

    def test_fifo_order_groups_and_dead_letters(self):
        url, dead = self.with_dead_letters(".fifo")
        outcome = self.sqs.send_message_batch(QueueUrl=url, Entries=[
            {"Id": str(n), "MessageBody": f"{n}", "MessageGroupId": f"g{n % 2}", "MessageDeduplicationId": f"d{n}",
             "MessageSystemAttributes": TRACE} for n in range(4)] + [{"Id": "none", "MessageBody": "x"}])
        self.assertEqual([entry["Id"] for entry in outcome["Failed"]], ["none"])
        messages = self.receive(url, VisibilityTimeout=0)
        self.assertEqual([message["Body"] for message in messages], ["0", "1", "2", "3"])
        self.assertEqual([message["Attributes"]["MessageDeduplicationId"] for message in messages],
                         ["d0", "d1", "d2", "d3"])
        self.receive(url)
        corpses = self.receive(dead)
        self.assertEqual([(corpse["Attributes"]["MessageGroupId"], corpse["Attributes"]["AWSTraceHeader"])
                          for corpse in corpses],
                         [(f"g{n % 2}", TRACE["AWSTraceHeader"]["StringValue"]) for n in range(4)])
        self.assertEqual([corpse["Attributes"]["MessageDeduplicationId"] for corpse in corpses],
                         [corpse["MessageId"] for corpse in corpses])

    def test_dead_letter_sources_are_listed(self):
        url, dead = self.with_dead_letters()
        self.assertEqual(self.sqs.list_dead_letter_source_queues(QueueUrl=dead)["queueUrls"], [url])
        self.assertEqual(self.sqs.list_dead_letter_source_queues(QueueUrl=url)["queueUrls"], [])
        self.refused("AWS.SimpleQueueService.NonExistentQueue", self.sqs.list_dead_letter_source_queues,
                     QueueUrl=url + "-none")

    def test_a_move_task_moves_everything_back(self):
        url, dead = self.with_dead_letters()
        self.send(url, 25, MessageAttributes=TEN, MessageSystemAttributes=TRACE)
        self.dead_letter(url, dead)
        self.sqs.start_message_move_task(SourceArn=self.arn(dead))
        task = self.finished(dead)
        self.assertEqual((task["Status"], task["ApproximateNumberOfMessagesMoved"]), ("COMPLETED", 25))
        self.assertEqual(task["ApproximateNumberOfMessagesToMove"], 25)
        self.assertNotIn("TaskHandle", task)
        self.assertEqual((self.count(dead), self.count(url)), ([0, 0], [25, 0]))
        message = self.receive(url)[0]
        self.assertEqual(message["MessageAttributes"], TEN)
        self.assertEqual(message["Attributes"]["AWSTraceHeader"], TRACE["AWSTraceHeader"]["StringValue"])

    def test_a_slow_move_task_can_be_cancelled(self):
        url, dead = self.with_dead_letters()
        target = self.queue("-target")
        self.send(dead, 30)
        arn, began = self.arn(dead), time.monotonic()
        handle = self.sqs.start_message_move_task(SourceArn=arn, DestinationArn=self.arn(target),
                                                  MaxNumberOfMessagesPerSecond=5)["TaskHandle"]
        self.refused("AWS.SimpleQueueService.UnsupportedOperation", self.sqs.start_message_move_task, SourceArn=arn)
        time.sleep(1.5)
        running, = self.sqs.list_message_move_tasks(SourceArn=arn)["Results"]
        self.assertEqual((running["Status"], running["TaskHandle"], running["DestinationArn"]),
                         ("RUNNING", handle, self.arn(target)))
        moved = self.sqs.cancel_message_move_task(TaskHandle=handle)["ApproximateNumberOfMessagesMoved"]
        self.assertLessEqual(moved, 5 * (time.monotonic() - began) + 5)
        self.assertEqual(self.finished(dead)["Status"], "CANCELLED")
        self.assertEqual(self.count(target), [moved, 0])
        self.refused("ResourceNotFoundException", self.sqs.cancel_message_move_task, TaskHandle=handle)

    def test_move_tasks_that_cannot_be(self):
        url, dead = self.with_dead_letters()
        fifo = self.queue(".fifo", FifoQueue="true")
        start = self.sqs.start_message_move_task
        self.refused("InvalidParameterValue", start, SourceArn=self.arn(url))
        self.refused("InvalidParameterValue", start, SourceArn=self.arn(dead), DestinationArn=self.arn(fifo))
        self.refused("InvalidParameterValue", start, SourceArn=self.arn(dead), MaxNumberOfMessagesPerSecond=501)
        self.refused("ResourceNotFoundException", start, SourceArn=self.arn(dead) + "x")
        other = {"deadLetterTargetArn": self.arn(dead), "maxReceiveCount": 1}
        self.queue("-other", RedrivePolicy=json.dumps(other))
        self.send(dead, 1)
        start(SourceArn=self.arn(dead))
        task = self.finished(dead)
        self.assertEqual((task["Status"], task["FailureReason"]), ("FAILED", "CouldNotDetermineMessageSource"))
        self.assertEqual(self.count(dead), [1, 0])

    def test_a_client_that_hangs_up_takes_no_message(self):
        import socket
        url = self.queue()
        body = json.dumps({"QueueUrl": url, "WaitTimeSeconds": 20}).encode()
        with socket.create_connection(("127.0.0.1", self.record.ports["sqs"])) as connection:
            connection.sendall(b"POST / HTTP/1.1\r\nhost: x\r\nx-amz-target: AmazonSQS.ReceiveMessage\r\n"
                               b"content-length: %d\r\n\r\n" % len(body) + body)
            time.sleep(0.5)
        time.sleep(0.5)
        self.send(url, 1)
        time.sleep(0.5)
        self.assertEqual(self.count(url), [1, 0])

    def finished(self, dead):
        for _ in range(200):
            task = self.sqs.list_message_move_tasks(SourceArn=self.arn(dead))["Results"][0]
            if task["Status"] not in ("RUNNING", "CANCELLING"):
                return task
            time.sleep(0.05)
        self.fail("the task does not end")
