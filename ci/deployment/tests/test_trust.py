"""Trust policies are read as IAM reads them."""

import unittest

from deployment.proxy.trust import Caller, trusts

USER = Caller("arn:aws:iam::111122223333:user/operator", "111122223333")
SESSION = Caller("arn:aws:sts::111122223333:assumed-role/panther-source-api-FunctionRole-X/s", "111122223333")
ROOT = "arn:aws:iam::111122223333:root"


def policy(principal, condition=None, effect="Allow", action="sts:AssumeRole"):
    """A policy of one statement."""
    return {"Statement": [{"Effect": effect, "Action": action, "Principal": principal, "Condition": condition or {}}]}


class TrustTest(unittest.TestCase):
    """Each rule for itself."""

    def test_principals(self):
        for principal in ("*", {"AWS": ROOT}, {"AWS": "111122223333"}, {"AWS": [ROOT, "x"]}, {"AWS": USER.arn}):
            self.assertTrue(trusts(policy(principal), USER, {}), principal)
        for principal in ({"AWS": "arn:aws:iam::999999999999:root"}, {"Service": "lambda.amazonaws.com"}, {}):
            self.assertFalse(trusts(policy(principal), USER, {}), principal)

    def test_a_session_counts_as_its_role(self):
        role = "arn:aws:iam::111122223333:role/panther-source-api-FunctionRole-X"
        self.assertTrue(trusts(policy({"AWS": role}), SESSION, {}))
        narrow = {"ArnLike": {"aws:PrincipalArn": "arn:aws:iam::111122223333:role/panther-*"}}
        self.assertTrue(trusts(policy({"AWS": ROOT}, narrow), SESSION, {}))
        self.assertFalse(trusts(policy({"AWS": ROOT}, narrow), USER, {}))

    def test_conditions(self):
        external = {"StringEquals": {"sts:ExternalId": ["a", "b"]}}
        self.assertTrue(trusts(policy({"AWS": ROOT}, external), USER, {"ExternalId": "b"}))
        self.assertFalse(trusts(policy({"AWS": ROOT}, external), USER, {}))
        self.assertTrue(trusts(policy({"AWS": ROOT}, {"Bool": {"aws:SecureTransport": True}}), USER, {}))
        self.assertFalse(trusts(policy({"AWS": ROOT}, {"Bool": {"aws:MultiFactorAuthPresent": "true"}}), USER, {}))
        self.assertTrue(trusts(policy({"AWS": ROOT}, {"BoolIfExists": {"aws:MultiFactorAuthPresent": "true"}}),
                               USER, {}))

    def test_other_actions_and_denials(self):
        self.assertFalse(trusts(policy({"AWS": ROOT}, action="sts:TagSession"), USER, {}))
        self.assertTrue(trusts(policy({"AWS": ROOT}, action=["sts:TagSession", "sts:*"]), USER, {}))
        both = {"Statement": policy("*")["Statement"] + policy("*", effect="Deny")["Statement"]}
        self.assertFalse(trusts(both, USER, {}))


if __name__ == "__main__":
    unittest.main()
