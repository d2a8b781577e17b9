"""The loop of a Lambda custom runtime: takes an event, calls the handler, posts the result or the error."""

import http.client
import json
import os
import traceback
from typing import Callable

API = "/2018-06-01/runtime/invocation"


def run(handler: Callable[[object], object]) -> None:
    """Serves invocations until the environment is torn down."""
    host, port = os.environ["AWS_LAMBDA_RUNTIME_API"].split(":")
    while True:
        # No keep-alive: between two invocations hours may pass.
        request_id, event = _next(host, int(port))
        try:
            kind, content = "response", handler(event)
        except Exception as error:  # noqa: BLE001  every error is an answer
            traceback.print_exc()
            kind, content = "error", {"errorMessage": str(error), "errorType": type(error).__name__}
        _exchange(host, int(port), "POST", f"{API}/{request_id}/{kind}", json.dumps(content).encode())


def _next(host: str, port: int) -> tuple[str, object]:
    answer, body = _exchange(host, port, "GET", f"{API}/next")
    if answer.status != 200:
        raise SystemExit(0)
    return answer.headers["Lambda-Runtime-Aws-Request-Id"], json.loads(body)


def _exchange(host: str, port: int, method: str, path: str, body: bytes = b""):
    connection = http.client.HTTPConnection(host, port)
    try:
        connection.request(method, path, body)
        answer = connection.getresponse()
        return answer, answer.read()
    finally:
        connection.close()
