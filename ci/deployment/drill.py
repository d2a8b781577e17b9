"""The incident drill: what an operator does, command by command, on a deployment of its own that is gone afterwards."""

import argparse
import os
import pathlib
import shlex
import subprocess
import sys

from . import verdict
from .environment import variables
from .install import CACHE
from .seed import mass_deletion, plan
from .seed.processed_objects import table_name
from .state import StateFolder

ROOT = pathlib.Path(__file__).resolve().parents[2]
SANDBOX = ROOT / "ci" / "sandbox"
PROCESSED = f"s3://{plan.PROCESSED_DATA_BUCKET}"
# The exit code of a diagnostic that found something.
FINDINGS = 4


def main() -> int:
    """Runs the drill; 0 when everything arrived."""
    parser = argparse.ArgumentParser(prog="ci/demo", description="The incident drill on a local deployment.")
    parser.add_argument("--keep", action="store_true", help="leave the deployment running for a look around")
    parser.add_argument("--binaries", type=pathlib.Path, metavar="DIR", help="use the tools in this folder, build none")
    parser.add_argument("--size", choices=list(plan.SIZES), default="full",
                        help="small: some hundred messages and objects, for a quick check")
    arguments = parser.parse_args()
    state = CACHE / "drill"
    binaries = (arguments.binaries or build()).resolve()
    try:
        return drill(state, binaries, arguments.size)
    except subprocess.CalledProcessError as error:
        print(f"\nthe drill ends here: `{' '.join(map(str, error.cmd))}` exited with {error.returncode}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130
    finally:
        if arguments.keep:
            print(f"\nstill running; look around:  eval \"$(ci/sandbox env --state {state})\"\n"
                  f"stop it:                     ci/sandbox down --state {state}")
        else:
            subprocess.run([SANDBOX, "down", "--state", state], stdout=subprocess.DEVNULL, check=False)


def build() -> pathlib.Path:
    """Builds the tools and returns the folder of their binaries."""
    say("Building the tools (a few minutes the first time)")
    # Not the release's profile, which links every tool for minutes; and the selection of the tests (`--examples`, of which
    # there are none, takes their features), so that they find these crates built.
    subprocess.run(["cargo", "build", "--locked", "--workspace", "--bins", "--examples", "--quiet"], cwd=ROOT, check=True)
    target = os.environ.get("CARGO_TARGET_DIR", ROOT / "target")
    return ROOT / target / "debug"


def drill(state: pathlib.Path, binaries: pathlib.Path, size_name: str) -> int:
    """Break, look, repair, look, check."""
    size = plan.SIZES[size_name]
    say("Bringing up a Panther deployment, broken")
    # What an earlier drill left, if it was killed.
    sandbox("down", state, quiet=True)
    sandbox("up", state)
    sandbox("seed", state, "--size", size_name, "--broken", quiet=True)
    print(f"{2 * size.dead_letters:,} messages are in two dead-letter queues, of {size.unnotified:,} objects Panther was "
          f"never told, and a script deleted {size.deleted:,} objects that it had processed.")
    sandbox("show", state)

    operator = Operator(state, binaries)
    look(operator)
    bring_back_messages(operator)
    bring_back_objects(operator)

    say("How the deployment stands now")
    sandbox("show", state)
    say("Checking every message and every object")
    return verdict.check(StateFolder(state).running(), size)


def look(operator: "Operator") -> None:
    """What is wrong, before anything is touched: every source by its role, and what the script left."""
    say("Can Panther still read its sources, and is it told of new objects?")
    checks = [flag for check in ("role-assume", "read-object", "notifications") for flag in ("--only", check)]
    operator.run("sources", "--validate", "--type", "aws-s3", *checks, expected=FINDINGS)
    print("One bucket lost its notifications: its owner has to set them again. (Acme Subsidiary trusts Panther's\n"
          "functions only, so that a person cannot look.)")
    say("What is left of the table that the script deleted?")
    operator.run("s3list", f"{PROCESSED}/logs/{table_name(mass_deletion.LOG_TYPE)}/", "--format", "csv", "-o", "left.csv")


def bring_back_messages(operator: "Operator") -> None:
    """Dead letters to their queues; objects nobody was told of to the input queue."""
    say("Bringing the dead letters back: first a look at what would happen")
    operator.run("requeue", "-to.q", plan.INPUT_QUEUE, "--dry-run")
    say("That is what was meant")
    operator.run("requeue", "-to.q", plan.INPUT_QUEUE, "--yes")
    operator.run("requeue", "-from.q", f"{plan.RULES_QUEUE}-dlq", "-to.q", plan.RULES_QUEUE, "--yes")
    say("Telling Panther of the objects that were never notified")
    operator.run("s3queue", "-s3path", f"s3://{plan.APPLICATION_BUCKET}/{plan.UNNOTIFIED_PREFIX}", "--yes")


def bring_back_objects(operator: "Operator") -> None:
    """The mass deletion: only what was deleted while the script ran, and then its readers are told."""
    window = ("--s3path", f"{PROCESSED}/", "--whole-bucket", "--since", mass_deletion.SINCE, "--until", mass_deletion.UNTIL)
    say(f"Undoing what the script deleted, from {mass_deletion.SINCE} to {mass_deletion.UNTIL}: first a look")
    operator.run("s3undelete", *window, "--dry-run")
    say("It is severe: it needs the bucket's name")
    operator.run("s3undelete", *window, "--confirm", plan.PROCESSED_DATA_BUCKET, "--restored", "restored.jsonl")
    say("Telling those who read processed data of what is back")
    operator.run("s3sns", "--from-file", "restored.jsonl", "-attributes=true", "--yes")


class Operator:
    """Somebody with the tools, at a shell that is pointed at the deployment.

    Each tool works in a role that has the permissions which are published with it, and no other.
    """

    def __init__(self, state: pathlib.Path, binaries: pathlib.Path):
        self._binaries = binaries
        self._folder = state / "operator"
        self._folder.mkdir()
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("AWS_", "OPSTOOLS_"))}
        record = StateFolder(state).running()
        self._environment = kept | variables(record) | {"XDG_STATE_HOME": str(self._folder)}

    def run(self, tool: str, *arguments: str, expected: int = 0) -> None:
        """Runs a tool in sight of the reader."""
        print(f"$ {shlex.join([tool, *arguments])}", flush=True)
        command = [self._binaries / tool, *arguments]
        role = {"OPSTOOLS_ROLE_ARN": plan.role_arn(plan.tool_role(tool))}
        done = subprocess.run(command, cwd=self._folder, env=self._environment | role, check=False)
        if done.returncode != expected:
            raise subprocess.CalledProcessError(done.returncode, command)
        print(flush=True)


def sandbox(command: str, state: pathlib.Path, *flags: str, quiet: bool = False) -> None:
    """Calls `ci/sandbox`."""
    output = subprocess.DEVNULL if quiet else None
    print(end="", flush=True)
    subprocess.run([SANDBOX, command, "--state", state, *flags], stdout=output, stderr=output, check=True)


def say(text: str) -> None:
    """A headline."""
    print(f"\n== {text}", flush=True)
