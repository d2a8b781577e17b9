"""The virtual environment of the deployment: pinned packages with hashes, installed once per pin list.

It lives under the ignored cache folder, named by the pin list's hash: a changed list gives a new environment, and a
deployment that still runs keeps its old one. Two installations at the same time wait for each other.
"""

import contextlib
import fcntl
import hashlib
import os
import pathlib
import shutil
import subprocess
import sys
import venv

REPOSITORY = pathlib.Path(__file__).resolve().parents[2]
CACHE = REPOSITORY / ".cache" / "sandbox"
PINS = pathlib.Path(__file__).with_name("requirements.txt")
# Written last: an environment without it was interrupted and is made anew.
COMPLETE = "complete"
# The oldest Python that ministack runs on.
OLDEST_PYTHON = (3, 10)


class InstallError(Exception):
    """The environment could not be made; the text says why and what to do."""


def environment() -> pathlib.Path:
    """The folder of the environment that belongs to the present pin list and Python."""
    version = "%d.%d" % sys.version_info[:2]
    digest = hashlib.sha256(PINS.read_bytes() + version.encode()).hexdigest()
    return CACHE / f"venv-{digest[:12]}"


def python() -> pathlib.Path:
    """The environment's interpreter; installs the environment first when it is missing or outdated."""
    folder = environment()
    if not (folder / COMPLETE).exists():
        with _one_at_a_time():
            if not (folder / COMPLETE).exists():
                _install(folder)
    return folder / "bin" / "python"


@contextlib.contextmanager
def _one_at_a_time():
    CACHE.mkdir(parents=True, exist_ok=True)
    with open(CACHE / "install.lock", "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _install(folder: pathlib.Path) -> None:
    if sys.version_info < OLDEST_PYTHON:
        raise InstallError("the sandbox needs Python 3.10 or newer; this is %d.%d" % sys.version_info[:2])
    print("installing the sandbox's Python packages (once, about 20 s)", file=sys.stderr)
    shutil.rmtree(folder, ignore_errors=True)
    try:
        venv.create(folder, with_pip=True, symlinks=True)
    except (subprocess.CalledProcessError, OSError) as error:
        raise InstallError(f"python cannot make a virtual environment in `{folder}` ({error}); "
                           "on Debian install the package python3-venv") from error
    log = folder / "install.log"
    command = [folder / "bin" / "python", "-m", "pip", "install", "--require-hashes", "--no-deps", "--only-binary=:all:",
               "--disable-pip-version-check", "--no-input", "-r", PINS]
    with open(log, "wb") as output:
        outcome = subprocess.run(command, stdout=output, stderr=subprocess.STDOUT, env=_pip_environment())
    if outcome.returncode != 0:
        tail = "\n".join(log.read_text(errors="replace").splitlines()[-5:])
        raise InstallError(f"pip could not install the packages of `{PINS}`:\n{tail}\nthe whole output: {log}")
    (folder / COMPLETE).touch()


def _pip_environment() -> dict:
    # A PYTHONPATH of the caller would let pip believe that packages are already there.
    return {name: value for name, value in os.environ.items() if name not in ("PYTHONPATH", "PYTHONHOME")}
