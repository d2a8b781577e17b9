"""The command line `ci/sandbox`."""

import argparse
import os
import pathlib
import subprocess
import sys
import time

from . import install, state
from .aws import AwsError
from .processes import descendants
from .sockets import listeners

START_SECONDS = 40.0
POLL_SECONDS = 0.02
# What AWS allows for one batch request today; some regions still have 262144.
BATCH_LIMIT = 1_048_576

DESCRIPTION = """\
A Panther deployment on this machine's loopback address, for tests and for trying the tools.

It runs ministack (an AWS emulator, installed from PyPI with pinned hashes into .cache/sandbox) for S3, SQS, SNS,
Lambda, IAM, STS, KMS and DynamoDB, and before its SQS and STS a small proxy of ours that adds what the emulator
lacks. Everything listens on 127.0.0.1, on free ports, and writes below the state folder only. Linux only.
"""
EXAMPLES = """\
examples:
  ci/sandbox up                          start the deployment (nothing in it yet)
  ci/sandbox seed                        fill it: queues, topics, buckets, sources, functions
  eval "$(ci/sandbox env)"               let any AWS tool of this shell talk to it
  ci/sandbox down                        stop it and remove what it wrote

  ci/sandbox up --state /tmp/mine --exit-with $$    another one, which ends with this shell
"""


def main() -> int:
    """Runs one command; the exit code is 0, 1 (failed) or 2 (usage)."""
    arguments = parser().parse_args()
    try:
        return arguments.command(arguments) or 0
    except BrokenPipeError:
        # Whoever read our output has enough; Python would complain once more while it ends.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except (state.NotUp, install.InstallError, AwsError) as error:
        print(f"error: {error}", file=sys.stderr)
        return 1


def parser() -> argparse.ArgumentParser:
    """All commands with their flags."""
    top = argparse.ArgumentParser(prog="ci/sandbox", description=DESCRIPTION, epilog=EXAMPLES,
                                  formatter_class=argparse.RawDescriptionHelpFormatter)
    commands = top.add_subparsers(title="commands", metavar="COMMAND", required=True)

    up_flags = _command(commands, "up", up, "start the deployment; says so when it already runs")
    up_flags.add_argument("--exit-with", type=int, metavar="PID", help="end by itself when this process is gone")
    up_flags.add_argument("--batch-limit", type=int, default=BATCH_LIMIT, metavar="BYTES",
                          help="largest SQS batch request, as the region has it (default: %(default)s)")
    seed_flags = _command(commands, "seed", seed, "make it a Panther deployment in use; again: the same end state")
    seed_flags.add_argument("--size", choices=("full", "small"), default="full",
                            help="small has some hundred objects, for tests (default: %(default)s)")
    seed_flags.add_argument("--broken", action="store_true",
                            help="with an incident: 2000 messages in two dead-letter queues, 5000 objects that were "
                                 "never notified, 3000 processed objects deleted by a script (small: 100, 200, 120)")
    seed_flags.add_argument("--faults", action="store_true",
                            help="with sources of which something is wrong, one for each thing that can be; "
                                 "`planted` lists them")
    seed_flags.add_argument("--many-sources", action="store_true",
                            help="with more rows of sources than DynamoDB gives in one page")
    _command(commands, "planted", planted, "print, as JSON, what a validator of the sources should find")
    env_flags = _command(commands, "env", env, "print the variables that point AWS tools at the deployment")
    env_flags.add_argument("--json", action="store_true", help="as one JSON object")
    show_flags = _command(commands, "show", show, "print what waits in its queues and lies in the customers' buckets")
    show_flags.add_argument("--json", action="store_true", help="as one JSON object")
    consume_flags = _command(commands, "consume", consume, "play Panther's consumer of one queue and print what it "
                             "would do with each object; exit 1 if it would fail")
    consume_flags.add_argument("queue", metavar="QUEUE", help="the rules engine's queue, or any other as the input "
                               "queue; each look counts as a receive, which the redrive policy limits")
    consume_flags.add_argument("--delete", action="store_true", help="delete what a consumer would be done with")
    form = consume_flags.add_mutually_exclusive_group()
    form.add_argument("--json", dest="form", action="store_const", const="json", help="a summary as one JSON object")
    form.add_argument("--jsonl", dest="form", action="store_const", const="jsonl", help="one JSON line per object")
    consume_flags.set_defaults(form="text")
    commands.add_parser("test", help="run the sandbox's own tests").set_defaults(command=run_tests)
    _command(commands, "listeners", show_listeners, "print its listening sockets; exit 1 if one is not loopback")
    _command(commands, "down", down, "stop it and remove what it wrote")
    return top


def _command(commands, name, function, text) -> argparse.ArgumentParser:
    command = commands.add_parser(name, help=text, description=text[0].upper() + text[1:])
    command.set_defaults(command=function)
    command.add_argument("--state", type=pathlib.Path, default=state.DEFAULT, metavar="DIR",
                         help="folder of the deployment (default: .cache/sandbox/default)")
    return command


def up(arguments) -> int:
    """Starts a deployment and returns when it answers."""
    python = install.python()
    folder = state.StateFolder(arguments.state)
    with folder.locked():
        record = folder.read()
        if record is not None and record.running():
            print(f"already up in {folder.path}", file=sys.stderr)
            return 0
        if record is not None:
            _end(record)
        return _start(python, folder, arguments)


def _start(python: pathlib.Path, folder: state.StateFolder, arguments) -> int:
    began = time.monotonic()
    command = [python, "-m", "deployment.keeper", folder.path, "--batch-limit", str(arguments.batch_limit)]
    if arguments.exit_with:
        command += ["--exit-with", str(arguments.exit_with)]
    (folder.path / state.RECORD).unlink(missing_ok=True)
    with open(folder.path / "keeper.log", "wb") as log:
        keeper = subprocess.Popen(command, env=_own_environment(), stdin=subprocess.DEVNULL, stdout=log, stderr=log,
                                  cwd=folder.path, start_new_session=True)
    while folder.read() is None:
        if keeper.poll() is not None or time.monotonic() > began + START_SECONDS:
            keeper.terminate()
            keeper.wait()
            text = (folder.path / "keeper.log").read_text(errors="replace")
            print(f"error: the deployment did not come up:\n{text}the logs are in {folder.path}", file=sys.stderr)
            return 1
        time.sleep(POLL_SECONDS)
    print(f"up in {folder.path} ({time.monotonic() - began:.1f} s)", file=sys.stderr)
    return 0


def seed(arguments) -> int:
    """Fills the deployment."""
    folder = state.StateFolder(arguments.state)
    folder.running()
    wanted = {"--broken": arguments.broken, "--faults": arguments.faults, "--many-sources": arguments.many_sources}
    flags = [flag for flag, value in wanted.items() if value]
    return _run_module("deployment.seed", "--state", str(folder.path), "--size", arguments.size, *flags)


def _run_module(name: str, *arguments: str) -> int:
    """Runs a module that needs the installed packages, in their environment."""
    return subprocess.run([install.python(), "-m", name, *arguments], env=_own_environment()).returncode


def _own_environment() -> dict[str, str]:
    return os.environ | {"PYTHONPATH": str(pathlib.Path(__file__).parents[1])}


def planted(arguments) -> int:
    """Prints the list that the seeding wrote."""
    from .seed import faults
    folder = state.StateFolder(arguments.state)
    folder.running()
    try:
        print((folder.path / faults.FILE).read_text(), end="")
    except FileNotFoundError:
        print("error: the deployment is not seeded; run `ci/sandbox seed`", file=sys.stderr)
        return 1
    return 0


def env(arguments) -> int:
    """Prints shell lines, or one JSON object."""
    from . import environment
    environment.show(state.StateFolder(arguments.state).running(), arguments.json)
    return 0


def show(arguments) -> int:
    """Prints queues and prefixes."""
    from . import show as state_of
    state_of.run(state.StateFolder(arguments.state).running(), arguments.json)
    return 0


def consume(arguments) -> int:
    """Receives everything from a queue and judges it."""
    from . import consume as consumption
    return consumption.run(state.StateFolder(arguments.state).running(), arguments.queue, arguments.delete,
                           arguments.form)


def run_tests(_arguments) -> int:
    """Runs all tests of this package, with the installed packages."""
    ci = pathlib.Path(__file__).parents[1]
    return _run_module("unittest", "discover", "-s", str(ci / "deployment" / "tests"), "-t", str(ci))


def show_listeners(arguments) -> int:
    """Prints every listening socket of the deployment's processes."""
    record = state.StateFolder(arguments.state).running()
    found = listeners(descendants(record.keeper.pid))
    for listener in found:
        print(f"{listener.address}:{listener.port}\tpid {listener.pid}")
    return 0 if found and all(listener.loopback() for listener in found) else 1


def down(arguments) -> int:
    """Ends the deployment's processes, each by its own pid, and removes its folder."""
    folder = state.StateFolder(arguments.state)
    if not folder.path.exists():
        print(f"nothing to stop in {folder.path}", file=sys.stderr)
        return 0
    with folder.locked():
        record = folder.read()
        if record is not None:
            _end(record)
            folder.remove()
        elif not any(folder.path.iterdir()):
            folder.path.rmdir()
        else:
            print(f"error: `{folder.path}` is not the folder of a deployment; nothing removed", file=sys.stderr)
            return 1
    print(f"down in {folder.path}", file=sys.stderr)
    return 0


def _end(record: state.Record) -> None:
    # The keeper ends its children; by their own pids only those that outlived a killed keeper.
    for process in (record.keeper, *record.processes):
        process.end(grace=10.0)
