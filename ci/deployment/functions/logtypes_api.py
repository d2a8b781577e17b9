"""panther-logtypes-api: the log types and their schemas, from their table. Routes are capitalised; what is wrong with a
request comes as a function error, what is wrong with a log type as an `error` object in a normal answer."""

import runtime
import tables
from envelope import dispatch, required

TABLE = "panther-logtypes"


def list_available(_parameters: dict) -> dict:
    """The names that may be used, sorted."""
    return {"logTypes": sorted(schema["name"] for schema in _schemas() if not schema["disabled"])}


def list_deleted_custom(_parameters: dict) -> dict:
    """The custom ones that were disabled."""
    return {"logTypes": sorted(schema["name"] for schema in _schemas() if schema["disabled"] and not schema["managed"])}


def list_custom(_parameters: dict) -> dict:
    """The custom ones in use, whole."""
    return {"customLogs": [schema for schema in _schemas() if not schema["disabled"] and not schema["managed"]]}


def get_custom(parameters: dict) -> dict:
    """One custom log type."""
    return _one(required(parameters, "logType"), lambda schema: not schema["managed"])


def get_schema(parameters: dict) -> dict:
    """One schema of either kind."""
    return _one(required(parameters, "name"), lambda schema: True)


def list_schemas(parameters: dict) -> dict:
    """All schemas, or only the managed or the custom ones."""
    managed = parameters.get("isManaged")
    return {"results": [schema for schema in _schemas() if managed is None or schema["managed"] == managed]}


def _one(name: str, wanted) -> dict:
    for schema in _schemas():
        if schema["name"] == name and not schema["disabled"] and wanted(schema):
            return {"result": schema}
    return {"error": {"code": "NotFound", "message": f"log type {name} was not found"}}


def _schemas() -> list[dict]:
    items = (item for item in tables.scan(TABLE) if item["RecordKind"] == "schema")
    return sorted(({name: value for name, value in item.items() if not name.startswith("Record")} for item in items),
                  key=lambda schema: schema["name"])


ROUTES = {
    "ListAvailableLogTypes": list_available, "ListDeletedCustomLogs": list_deleted_custom,
    "ListCustomLogs": list_custom, "GetCustomLog": get_custom, "GetSchema": get_schema, "ListSchemas": list_schemas,
}

if __name__ == "__main__":
    runtime.run(lambda event: dispatch(event, ROUTES))
