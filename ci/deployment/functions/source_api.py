"""panther-source-api: the log sources, from their table."""

import os

import health
import runtime
import tables
from envelope import DoesNotExistError, InvalidInputError, dispatch, required

TABLE = "panther-source-integrations"
# What the type filter of listIntegrations accepts; later types exist in the table, but not in the filter.
FILTERED_TYPES = ("aws-scan", "aws-s3", "aws-sqs")
# Only in the table: the interface shows s3PrefixLogTypes in their place.
LEGACY_FIELDS = ("s3Prefix", "logTypes")
# The interface shows these always, everything else only when there is something.
ALWAYS = {"managedBucketNotifications": False, "notificationsConfigurationSucceeded": False}


def list_integrations(parameters: dict) -> list[dict]:
    """All sources, or those of one type; rows without a type are left over from a fault and are no sources.

    Panther 1.16 reads one page of the table and does not know that there may be more.
    """
    wanted = parameters.get("integrationType")
    if wanted is not None and wanted not in FILTERED_TYPES:
        raise InvalidInputError("IntegrationType invalid, failed to satisfy the condition: "
                                f"oneof={' '.join(FILTERED_TYPES)}")
    return [integration(item) for item in tables.first_page(TABLE)
            if item.get("integrationType") and wanted in (None, item["integrationType"])]


def list_log_types(_parameters: dict) -> dict:
    """The log types that some source has."""
    found = set()
    for item in map(integration, tables.scan(TABLE)):
        found.update(*(mapping.get("logTypes", []) for mapping in item.get("s3PrefixLogTypes", [])))
        found.update(item.get("sqsConfig", {}).get("logTypes", []))
    return {"logTypes": sorted(found)}


def update_status(parameters: dict) -> None:
    """What the log processor reports when it meets an object of a source."""
    key = {"integrationId": required(parameters, "integrationId")}
    if not tables.set_text(TABLE, key, "lastEventReceived", required(parameters, "lastEventReceived")):
        raise DoesNotExistError(f"integration {key['integrationId']} does not exist")


def integration(item: dict) -> dict:
    """An item as the interface shows it."""
    shown = {name: value for name, value in item.items()
             if name not in LEGACY_FIELDS and value not in (None, "", [], {})}
    kind = item.get("integrationType")
    if kind == "aws-s3" and not item.get("s3PrefixLogTypes"):
        shown["s3PrefixLogTypes"] = [{"prefix": item.get("s3Prefix", ""), "logTypes": item.get("logTypes", [])}]
    if kind == "aws-scan":
        shown.setdefault("s3Bucket", os.environ["INPUT_DATA_BUCKET"])
        shown.setdefault("logProcessingRole", os.environ["INPUT_DATA_ROLE_ARN"])
    return ALWAYS | shown


ROUTES = {"listIntegrations": list_integrations, "listLogTypes": list_log_types, "updateStatus": update_status,
          "integrationHealthCheck": health.check}

if __name__ == "__main__":
    runtime.run(lambda event: dispatch(event, ROUTES))
