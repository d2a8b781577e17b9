"""The variables that point any AWS tool at the deployment."""

import json
import shlex

from .state import SERVICES, Record


def variables(record: Record) -> dict[str, str]:
    """Endpoints, credentials and region; and no search for an instance role, which would reach out of the machine."""
    endpoints = {f"AWS_ENDPOINT_URL_{service.upper()}": record.endpoint(service) for service in SERVICES}
    return endpoints | {
        "AWS_ACCESS_KEY_ID": record.access_key, "AWS_SECRET_ACCESS_KEY": record.secret_key,
        "AWS_REGION": record.region, "AWS_DEFAULT_REGION": record.region, "AWS_EC2_METADATA_DISABLED": "true",
    }


def show(record: Record, as_json: bool) -> None:
    """`export NAME=value` lines for `eval`, or one JSON object."""
    if as_json:
        print(json.dumps(variables(record), indent=1))
        return
    for name, value in variables(record).items():
        print(f"export {name}={shlex.quote(value)}")
