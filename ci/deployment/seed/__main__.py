"""Seeds one deployment, step by step, and says how long each step took."""

import argparse
import itertools
import pathlib
import sys
import time

from ..aws import AwsError
from ..state import StateFolder
from . import breakage, buckets, faults, functions, keys, log_objects, log_types, mass_deletion, plan, \
    processed_objects, queues, roles, source_table, topics, uploads
from .accounts import Accounts


def main() -> None:
    """Runs every step in the order in which they need each other."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--state", type=pathlib.Path, required=True)
    parser.add_argument("--size", choices=plan.SIZES, required=True)
    parser.add_argument("--broken", action="store_true")
    parser.add_argument("--faults", action="store_true")
    parser.add_argument("--many-sources", action="store_true")
    arguments = parser.parse_args()
    folder = StateFolder(arguments.state)
    accounts = Accounts(folder.running())
    size, broken, planted = plan.SIZES[arguments.size], arguments.broken, arguments.faults
    objects = itertools.chain(log_objects.all_objects(size, broken), processed_objects.all_objects(size),
                              log_objects.planted(size.planted) if planted else ())
    filled = [plan.PROCESSED_DATA_BUCKET, *buckets.customers(planted)]
    steps = [
        ("keys", lambda: keys.seed(accounts)), ("queues", lambda: queues.seed(accounts)),
        ("topics", lambda: topics.seed(accounts, planted)),
        ("buckets", lambda: (buckets.seed(accounts, planted), buckets.silence(accounts, planted))),
        ("roles", lambda: roles.seed(accounts, planted)),
        ("sources", lambda: source_table.seed(accounts, planted, arguments.many_sources)),
        ("log types", lambda: log_types.seed(accounts)), ("functions", lambda: functions.seed(accounts, planted)),
        ("objects", lambda: uploads.reconcile(accounts, filled, objects)),
        ("notifications", lambda: buckets.notify(accounts, planted, broken)),
        ("empty queues", lambda: queues.empty(accounts)),
        *([("incident", lambda: breakage.seed(accounts, size)),
           ("mass deletion", lambda: mass_deletion.seed(accounts, size))] if broken else []),
        ("planted list", lambda: faults.write_list(folder.path, planted, broken)),
    ]
    for name, step in steps:
        began = time.monotonic()
        try:
            step()
        except AwsError as error:
            sys.exit(f"error: seeding the {name} failed: {error}")
        print(f"  {name:<14}{time.monotonic() - began:5.1f} s", file=sys.stderr)


main()
