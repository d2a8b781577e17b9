"""Whether the mass deletion was undone, object by object, and those who read processed data were told."""

from typing import Iterable

from . import s3
from .aws import Account
from .comparison import same
from .consumer import decide_rules
from .seed import mass_deletion, plan
from .seed.mass_deletion import LOG_TYPE, RULE, History
from .seed.processed_objects import table_name

PREFIXES = tuple(f"{kind}/{table_name(LOG_TYPE)}/" for kind in ("logs", "rules"))
Told = tuple[str, str, str]


def check(account: Account, size: plan.Size, messages: dict[str, list[dict]]) -> list[bool]:
    """Looks at the bucket, and at what the subscribers got: messages by queue, without those of the dead letters."""
    histories = mass_deletion.histories(size)
    listed = [entry for prefix in PREFIXES for entry in s3.list_versions(account, plan.PROCESSED_DATA_BUCKET, prefix)]
    shown = {entry.key: entry.version for entry in listed if entry.latest and not entry.marker}
    restored = [one for one in histories if one.restored()]
    untouched = [one for one in histories if not one.restored()]
    hidden = {one.key for one in untouched if not one.shows}
    return [
        same("objects that the script deleted show what they showed before",
             ((one.key, one.shows) for one in restored),
             ((one.key, shown[one.key]) for one in restored if one.key in shown)),
        same("objects deleted on purpose, before or after, are still deleted", hidden, hidden - shown.keys()),
        same("objects written anew after it keep what was written",
             ((one.key, one.shows) for one in untouched if one.shows),
             ((one.key, shown.get(one.key, "")) for one in untouched if one.shows)),
        same("versions of data, of which none is lost", (pair for one in histories for pair in _data(one)),
             ((entry.key, entry.version) for entry in listed if not entry.marker)),
        *_subscribers(restored, messages),
    ]


def _data(history: History) -> list[tuple[str, str]]:
    return [(history.key, version) for version in history.data_versions()]


def _subscribers(restored: list[History], messages: dict[str, list[dict]]) -> Iterable[bool]:
    """The rules engine wants log data, the data catalog matches as well, and the warehouse everything."""
    everything = [(one.key, *attributes(one.key)) for one in restored]
    logs = [told for told in everything if told[1] == "LogData"]
    for queue, expected in ((plan.RULES_QUEUE, logs), (plan.DATA_CATALOG_QUEUE, everything),
                            (plan.WAREHOUSE_QUEUE, everything)):
        yield same(f"restored objects of which {queue} is told", expected,
                   [told for message in messages[queue] for told in _told(message)])


def attributes(key: str) -> tuple[str, str]:
    """The type and the id by which subscribers choose: of a match the id is that of its rule."""
    return ("RuleMatches", RULE) if key.startswith("rules/") else ("LogData", LOG_TYPE)


def _told(message: dict) -> list[Told]:
    """Of what objects a message speaks, as the rules engine reads it: their keys as they stand."""
    sent = message.get("MessageAttributes") or {}
    kind = sent.get("type", {}).get("StringValue", "")
    # Some consumers pass over objects of no size.
    return [(found.key, kind, found.log_type) if found.outcome == "ingested" and found.size > 0
            else (f"unusable: {found}", kind, "") for found in decide_rules(message["Body"], sent)]
