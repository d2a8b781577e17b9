"""Starts the proxy's listeners and prints their ports, as one JSON line, once they listen."""

import argparse
import asyncio
import json

from .server import listen, port_of
from .sqs import Sqs
from .sts import Sts
from .upstream import Upstream


async def run(upstream_port: int, batch_limit: int) -> None:
    """Serves until the process is ended."""
    upstream = Upstream(upstream_port)
    servers = {"sqs": await listen(Sqs(upstream, batch_limit).serve), "sts": await listen(Sts(upstream).serve)}
    print(json.dumps({service: port_of(server) for service, server in servers.items()}), flush=True)
    await asyncio.gather(*(server.serve_forever() for server in servers.values()))


parser = argparse.ArgumentParser()
parser.add_argument("--upstream", type=int, required=True)
parser.add_argument("--batch-limit", type=int, required=True)
arguments = parser.parse_args()
asyncio.run(run(arguments.upstream, arguments.batch_limit))
