"""AssumeRole through the proxy is refused as AWS refuses it."""

import json

from botocore.exceptions import ClientError

from .live import LiveTest

CUSTOMER = "444455556666"


class StsTest(LiveTest):
    """Roles in a customer's account, the caller in Panther's."""

    def role(self, name, principal, condition=None):
        statement = {"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": {"AWS": principal}}
        policy = {"Version": "2012-10-17", "Statement": [statement | ({"Condition": condition} if condition else {})]}
        role = self.client("iam", CUSTOMER).create_role(RoleName=name, AssumeRolePolicyDocument=json.dumps(policy))
        return role["Role"]["Arn"]

    def assume(self, arn, **parameters):
        return self.client("sts").assume_role(RoleArn=arn, RoleSessionName="test", **parameters)

    def refused(self, arn, **parameters):
        with self.assertRaises(ClientError) as caught:
            self.assume(arn, **parameters)
        response = caught.exception.response
        self.assertEqual((response["Error"]["Code"], response["ResponseMetadata"]["HTTPStatusCode"]),
                         ("AccessDenied", 403))
        self.assertEqual(response["Error"]["Message"],
                         f"User: arn:aws:iam::{self.record.account}:user/operator is not authorized to perform: "
                         f"sts:AssumeRole on resource: {arn}")

    def test_a_role_that_trusts_the_account(self):
        arn = self.role("trusting", f"arn:aws:iam::{self.record.account}:root", {"Bool": {"aws:SecureTransport": True}})
        answer = self.assume(arn)
        self.assertEqual(answer["AssumedRoleUser"]["Arn"], f"arn:aws:sts::{CUSTOMER}:assumed-role/trusting/test")
        self.assertTrue(answer["Credentials"]["SessionToken"])

    def test_roles_that_do_not(self):
        self.refused(f"arn:aws:iam::{CUSTOMER}:role/no-such-role")
        self.refused(self.role("foreign", "arn:aws:iam::999999999999:root"))
        self.refused(self.role("narrow", f"arn:aws:iam::{self.record.account}:root",
                               {"ArnLike": {"aws:PrincipalArn": "arn:aws:iam::*:role/panther-*"}}))

    def test_an_external_id(self):
        arn = self.role("external", self.record.account, {"StringEquals": {"sts:ExternalId": "secret"}})
        self.refused(arn)
        self.refused(arn, ExternalId="wrong")
        self.assume(arn, ExternalId="secret")
