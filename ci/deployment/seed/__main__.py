"""Seeds one deployment, step by step, and says how long each step took."""

import argparse
import itertools
import pathlib
import sys
import time

from ..aws import AwsError
from ..state import StateFolder
from . import breakage, buckets, functions, log_objects, log_types, plan, processed_objects, queues, roles, sources, \
    topics, uploads
from .accounts import Accounts


def main() -> None:
    """Runs every step in the order in which they need each other."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--state", type=pathlib.Path, required=True)
    parser.add_argument("--size", choices=plan.SIZES, required=True)
    parser.add_argument("--broken", action="store_true")
    arguments = parser.parse_args()
    accounts = Accounts(StateFolder(arguments.state).running())
    size, broken = plan.SIZES[arguments.size], arguments.broken
    objects = itertools.chain(log_objects.all_objects(size, broken), processed_objects.all_objects(size))
    steps = [
        ("queues", lambda: queues.seed(accounts)), ("topics", lambda: topics.seed(accounts)),
        ("buckets", lambda: (buckets.seed(accounts), buckets.silence(accounts))),
        ("roles", lambda: roles.seed(accounts)), ("sources", lambda: sources.seed(accounts)),
        ("log types", lambda: log_types.seed(accounts)), ("functions", lambda: functions.seed(accounts)),
        ("objects", lambda: uploads.reconcile(accounts, objects)),
        ("notifications", lambda: buckets.notify(accounts, broken)), ("empty queues", lambda: queues.empty(accounts)),
        *([("incident", lambda: breakage.seed(accounts, size))] if broken else []),
    ]
    for name, step in steps:
        began = time.monotonic()
        try:
            step()
        except AwsError as error:
            sys.exit(f"error: seeding the {name} failed: {error}")
        print(f"  {name:<14}{time.monotonic() - began:5.1f} s", file=sys.stderr)


main()
