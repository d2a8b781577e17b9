"""The parent process of one deployment: starts ministack and the proxy, records them, and ends them with itself.

It ends when told (SIGTERM), when one of its children ends, or when the process named by `--exit-with` is gone; in each
case nothing is left running, and the folder is removed (by `down`, if that told it to end). Should it be killed by force, the kernel ends its
children.
"""

import argparse
import json
import os
import pathlib
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.parse
import urllib.request

from . import state
from .processes import Process, descendants, die_with_parent
from .sockets import listeners

# ministack answers after about half a second on an idle machine; a loaded one takes longer.
START_SECONDS = 30.0
POLL_SECONDS = 0.02
WATCH_SECONDS = 0.2
# Another program may take a port between our choosing it and ministack's binding it.
PORT_ATTEMPTS = 5
# In its own account the operator may do everything; what customers' accounts let it do, their policies say.
ADMINISTRATOR = "arn:aws:iam::aws:policy/AdministratorAccess"


class StartError(Exception):
    """The deployment did not come up."""


class Keeper:
    """The children of one deployment and the folder they may write to."""

    def __init__(self, folder: pathlib.Path, batch_limit: int):
        self.folder = folder
        self.batch_limit = batch_limit
        self.children: list[subprocess.Popen] = []

    def start(self) -> state.Record:
        """Starts everything and returns the record of it, once all of it answers on loopback alone."""
        for name in ("home", "tmp", "data"):
            (self.folder / name).mkdir(exist_ok=True)
        ministack, port = self._start_ministack()
        proxy, ports = self._start_proxy(port)
        access_key, secret_key = create_operator(port)
        self._refuse_foreign_listeners({port, *ports.values()})
        return state.Record(
            keeper=Process.of("keeper", os.getpid()),
            processes=[Process.of("ministack", ministack.pid), Process.of("proxy", proxy.pid)],
            ports={"ministack": port, **ports}, account=state.PANTHER_ACCOUNT, region=state.REGION,
            access_key=access_key, secret_key=secret_key)

    def watch(self, exit_with: Process | None) -> str:
        """Returns, with the reason, when the deployment has to end."""
        while True:
            if exit_with is not None and not exit_with.alive():
                return f"process {exit_with.pid} is gone"
            for child in self.children:
                if child.poll() is not None:
                    return f"{child.args} ended with {child.returncode}"
            time.sleep(WATCH_SECONDS)

    def stop(self) -> None:
        """Ends every child and what the children started (ministack's function workers)."""
        family = [Process.of("child", pid) for child in self.children if child.poll() is None
                  for pid in descendants(child.pid)]
        for child in self.children:
            child.terminate()
        for process in family:
            process.end()
        for child in self.children:
            child.wait()

    def _start_ministack(self) -> tuple[subprocess.Popen, int]:
        for _ in range(PORT_ATTEMPTS):
            port = free_port()
            child = self._spawn("ministack", ["-m", "deployment.emulator"], ministack_environment(self.folder, port))
            if self._answers(child, port):
                return child, port
            self.children.remove(child)
        raise StartError(f"ministack found no free port; its log is `{self.folder / 'ministack.log'}`")

    def _answers(self, child: subprocess.Popen, port: int) -> bool:
        deadline = time.monotonic() + START_SECONDS
        while child.poll() is None:
            # The port must be our child's: another emulator could answer as well.
            if any(listener.port == port for listener in listeners([child.pid])) and healthy(port):
                return True
            if time.monotonic() > deadline:
                raise StartError(f"ministack did not answer within {START_SECONDS:.0f} s")
            time.sleep(POLL_SECONDS)
        return False

    def _start_proxy(self, upstream: int) -> tuple[subprocess.Popen, dict[str, int]]:
        child = self._spawn("proxy", ["-m", "deployment.proxy", "--upstream", str(upstream),
                                      "--batch-limit", str(self.batch_limit)],
                            own_environment(self.folder), stdout=subprocess.PIPE)
        line = child.stdout.readline()
        if not line:
            raise StartError(f"the proxy did not start; its log is `{self.folder / 'proxy.log'}`")
        return child, json.loads(line)

    def _spawn(self, name: str, arguments: list[str], environment: dict, stdout=None) -> subprocess.Popen:
        with open(self.folder / f"{name}.log", "ab") as log:
            child = subprocess.Popen([sys.executable, *arguments], env=environment, cwd=self.folder,
                                     stdin=subprocess.DEVNULL, stdout=stdout or log, stderr=log,
                                     preexec_fn=die_with_parent)
        self.children.append(child)
        return child

    def _refuse_foreign_listeners(self, expected: set[int]) -> None:
        found = listeners(descendants(os.getpid()))
        strangers = [listener for listener in found if not listener.loopback() or listener.port not in expected]
        if strangers:
            raise StartError(f"sockets that should not be open: {strangers}")


def own_environment(folder: pathlib.Path) -> dict[str, str]:
    """A clean environment: nothing of the caller's AWS settings, and every default path inside the folder."""
    return {
        "PATH": os.environ.get("PATH", os.defpath), "LANG": "C.UTF-8",
        "HOME": str(folder / "home"), "TMPDIR": str(folder / "tmp"),
        "PYTHONPATH": str(pathlib.Path(__file__).parents[1]),
        "AWS_EC2_METADATA_DISABLED": "true",
    }


def ministack_environment(folder: pathlib.Path, port: int) -> dict[str, str]:
    """ministack's settings. Without the two switches it opens further ports, on every interface."""
    return own_environment(folder) | {
        "BIND_HOST": "127.0.0.1", "GATEWAY_PORT": str(port), "IOT_MTLS_ENABLED": "0", "SFTP_ENABLED": "0",
        "LOG_LEVEL": "WARNING", "AUTH": "true", "MINISTACK_ACCOUNT_ID": state.PANTHER_ACCOUNT, "MINISTACK_REGION": state.REGION,
        "STATE_DIR": str(folder / "data" / "state"), "S3_DATA_DIR": str(folder / "data" / "s3"),
    }


def free_port() -> int:
    """A loopback port that nothing listens on at this moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def healthy(port: int) -> bool:
    """Whether ministack says that it is ready."""
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/_ministack/health", timeout=5) as answer:
            return answer.status == 200
    except (urllib.error.URLError, OSError):
        return False


def create_operator(port: int) -> tuple[str, str]:
    """The IAM user whose keys `ci/sandbox env` prints; AWS lets no root user assume roles, so root would not do."""
    call_iam(port, "Action=CreateUser&UserName=operator")
    call_iam(port, "Action=AttachUserPolicy&UserName=operator&PolicyArn=" + urllib.parse.quote(ADMINISTRATOR))
    answer = call_iam(port, "Action=CreateAccessKey&UserName=operator")
    return between(answer, "AccessKeyId"), between(answer, "SecretAccessKey")


def call_iam(port: int, form: str) -> str:
    """One call of ministack's IAM, which does not verify signatures but takes account and service from them."""
    authorization = (f"AWS4-HMAC-SHA256 Credential={state.PANTHER_ACCOUNT}/20200101/us-east-1/iam/aws4_request, "
                     "SignedHeaders=host, Signature=0")
    request = urllib.request.Request(f"http://127.0.0.1:{port}/", f"{form}&Version=2010-05-08".encode(),
                                     {"Authorization": authorization})
    with urllib.request.urlopen(request, timeout=START_SECONDS) as answer:
        return answer.read().decode()


def between(text: str, tag: str) -> str:
    """The text of the first element `tag`."""
    return text.split(f"<{tag}>")[1].split(f"</{tag}>")[0]


def main() -> int:
    """Keeps one deployment until it has to end."""
    parser = argparse.ArgumentParser()
    parser.add_argument("folder", type=pathlib.Path)
    parser.add_argument("--exit-with", type=int)
    parser.add_argument("--batch-limit", type=int, required=True)
    arguments = parser.parse_args()
    folder = state.StateFolder(arguments.folder)
    keeper = Keeper(folder.path, arguments.batch_limit)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    abandoned = False
    try:
        exit_with = Process.of("caller", arguments.exit_with) if arguments.exit_with else None
        folder.write(keeper.start())
        print(keeper.watch(exit_with), file=sys.stderr)
        abandoned = True
        return 1
    finally:
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
        keeper.stop()
        # Otherwise the folder is `down`'s to remove, or holds the logs for the `up` that waits in vain.
        if abandoned:
            folder.remove()


if __name__ == "__main__":
    sys.exit(main())
