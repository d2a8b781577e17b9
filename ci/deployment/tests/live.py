"""A deployment for tests that need one: brought up once per test class, in a scratch folder, ended with the process."""

import os
import pathlib
import subprocess
import tempfile
import unittest

import boto3
from botocore.config import Config

from deployment import state

SANDBOX = pathlib.Path(__file__).resolve().parents[2] / "sandbox"


class LiveTest(unittest.TestCase):
    """Test cases with `self.client(service)`; `seed` adds arguments for `ci/sandbox seed`, None leaves it empty."""

    seed: list[str] | None = None

    @classmethod
    def setUpClass(cls):
        cls.scratch = tempfile.TemporaryDirectory()
        cls.addClassCleanup(cls.scratch.cleanup)
        cls.folder = pathlib.Path(cls.scratch.name) / "deployment"
        cls.sandbox("up", "--exit-with", str(os.getpid()))
        cls.addClassCleanup(cls.sandbox, "down")
        cls.record = state.StateFolder(cls.folder).running()
        if cls.seed is not None:
            cls.sandbox("seed", *cls.seed)

    @classmethod
    def sandbox(cls, command: str, *arguments: str) -> str:
        """Runs `ci/sandbox` on this deployment and returns its stdout; a failure fails the test."""
        done = subprocess.run([SANDBOX, command, "--state", cls.folder, *arguments], capture_output=True, text=True)
        if done.returncode != 0:
            raise AssertionError(f"ci/sandbox {command}: {done.returncode}\n{done.stdout}{done.stderr}")
        return done.stdout

    @classmethod
    def client(cls, service: str, account: str = "", region: str = ""):
        """A client of one service, without retries that would hide an answer; ministack takes an account id as key."""
        return boto3.client(
            service, endpoint_url=cls.record.endpoint(service), region_name=region or cls.record.region,
            aws_access_key_id=account or cls.record.access_key, aws_secret_access_key=cls.record.secret_key,
            config=Config(retries={"total_max_attempts": 1}, s3={"addressing_style": "path"}))
