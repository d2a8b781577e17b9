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
from .seed import plan
from .state import StateFolder

ROOT = pathlib.Path(__file__).resolve().parents[2]
SANDBOX = ROOT / "ci" / "sandbox"


def main() -> int:
    """Runs the drill; 0 when everything arrived."""
    parser = argparse.ArgumentParser(prog="ci/demo", description="The incident drill on a local deployment.")
    parser.add_argument("--keep", action="store_true", help="leave the deployment running for a look around")
    parser.add_argument("--binaries", type=pathlib.Path, metavar="DIR", help="use the tools in this folder, build none")
    parser.add_argument("--size", choices=list(plan.SIZES), default="full",
                        help="small: 100 messages and 200 objects, for a quick check")
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
    subprocess.run(["cargo", "build", "--release", "--locked", "--bins", "--quiet"], cwd=ROOT, check=True)
    target = os.environ.get("CARGO_TARGET_DIR", ROOT / "target")
    return ROOT / target / "release"


def drill(state: pathlib.Path, binaries: pathlib.Path, size_name: str) -> int:
    """Break, look, repair, look, check."""
    size = plan.SIZES[size_name]
    say("Bringing up a Panther deployment, broken")
    # What an earlier drill left, if it was killed.
    sandbox("down", state, quiet=True)
    sandbox("up", state)
    sandbox("seed", state, "--size", size_name, "--broken", quiet=True)
    print(f"{2 * size.dead_letters:,} messages are in two dead-letter queues, and of {size.unnotified:,} objects "
          f"Panther was never told.")
    sandbox("show", state)

    operator = Operator(state, binaries)
    say("Bringing the dead letters back: first a look at what would happen")
    operator.run("requeue", "-to.q", plan.INPUT_QUEUE, "--dry-run")
    say("That is what was meant")
    operator.run("requeue", "-to.q", plan.INPUT_QUEUE, "--yes")
    operator.run("requeue", "-from.q", f"{plan.RULES_QUEUE}-dlq", "-to.q", plan.RULES_QUEUE, "--yes")
    say("Telling Panther of the objects that were never notified")
    operator.run("s3queue", "-s3path", f"s3://{plan.APPLICATION_BUCKET}/{plan.UNNOTIFIED_PREFIX}", "--yes")

    say("How the deployment stands now")
    sandbox("show", state)
    say("Checking every message and every object")
    return verdict.check(StateFolder(state).running(), size)


class Operator:
    """Somebody with the tools, at a shell that is pointed at the deployment."""

    def __init__(self, state: pathlib.Path, binaries: pathlib.Path):
        self._binaries = binaries
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("AWS_", "OPSTOOLS_"))}
        record = StateFolder(state).running()
        self._environment = kept | variables(record) | {"XDG_STATE_HOME": str(state / "operator")}

    def run(self, tool: str, *arguments: str) -> None:
        """Runs a tool in sight of the reader."""
        print(f"$ {shlex.join([tool, *arguments])}", flush=True)
        subprocess.run([self._binaries / tool, *arguments], env=self._environment, check=True)
        print(flush=True)


def sandbox(command: str, state: pathlib.Path, *flags: str, quiet: bool = False) -> None:
    """Calls `ci/sandbox`."""
    output = subprocess.DEVNULL if quiet else None
    print(end="", flush=True)
    subprocess.run([SANDBOX, command, "--state", state, *flags], stdout=output, stderr=output, check=True)


def say(text: str) -> None:
    """A headline."""
    print(f"\n== {text}", flush=True)
