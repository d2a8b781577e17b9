"""Whether a role's trust policy lets a caller assume it: the part of IAM's rules that Panther's roles use."""

import dataclasses
import fnmatch


@dataclasses.dataclass(frozen=True)
class Caller:
    """Who asks, by ARN and account."""

    arn: str
    account: str

    def role_arn(self) -> str:
        """What the condition key aws:PrincipalArn holds: of a session, the role's own ARN."""
        if ":assumed-role/" not in self.arn:
            return self.arn
        return f"arn:aws:iam::{self.account}:role/{self.arn.split('/')[1]}"


def trusts(policy: dict, caller: Caller, form: dict[str, str]) -> bool:
    """Whether some statement allows the call and none denies it. `form` holds the parameters of AssumeRole."""
    statements = policy.get("Statement", [])
    effects = {statement.get("Effect") for statement in ([statements] if isinstance(statements, dict) else statements)
               if _applies(statement, caller, form)}
    return "Allow" in effects and "Deny" not in effects


def _applies(statement: dict, caller: Caller, form: dict[str, str]) -> bool:
    actions = _listed(statement.get("Action", []))
    return (any(fnmatch.fnmatchcase("sts:assumerole", action.lower()) for action in actions)
            and _names(statement.get("Principal", {}), caller)
            and _holds(statement.get("Condition", {}), caller, form))


def _names(principal, caller: Caller) -> bool:
    if principal == "*":
        return True
    roots = {caller.account, f"arn:aws:iam::{caller.account}:root", "*", caller.arn, caller.role_arn()}
    return any(name in roots for name in _listed(principal.get("AWS", [])))


def _holds(condition: dict, caller: Caller, form: dict[str, str]) -> bool:
    # The loopback connection stands for a TLS one. A key that we do not know is one that the request does not have.
    known = {"aws:securetransport": "true", "aws:principalarn": caller.role_arn(),
             "aws:principalaccount": caller.account, "sts:externalid": form.get("ExternalId"),
             "sts:rolesessionname": form.get("RoleSessionName")}
    return all(_compare(operator.lower(), known.get(key.lower()), _listed(expected))
               for operator, keys in condition.items() for key, expected in keys.items())


def _compare(operator: str, value: str | None, expected: list) -> bool:
    if operator.endswith("ifexists"):
        operator = operator.removesuffix("ifexists")
        if value is None:
            return True
    if value is None:
        return False
    texts = [str(text).lower() if isinstance(text, bool) else str(text) for text in expected]
    if operator in ("stringequals", "bool"):
        return value in texts
    if operator in ("stringlike", "arnlike", "arnequals"):
        return any(fnmatch.fnmatchcase(value, text) for text in texts)
    return False


def _listed(value) -> list:
    return value if isinstance(value, list) else [value]
