"""One listener of the proxy: reads requests, hands them to a service, writes the answers, keeps connections open."""

import asyncio
import sys
import traceback
from typing import Awaitable, Callable

from .messages import HEAD_LIMIT, BadMessage, Message, read_message

Service = Callable[[Message], Awaitable[Message]]


class Hangup(Exception):
    """The client closed the connection before its answer was ready."""


class _Protocol(asyncio.StreamReaderProtocol):
    """Streams, and a notice when the client hangs up, which streams alone only tell to somebody who reads."""

    def __init__(self, serve):
        super().__init__(asyncio.StreamReader(limit=HEAD_LIMIT), serve)
        self.gone = asyncio.get_running_loop().create_future()

    def eof_received(self):
        self._mark_gone()
        return super().eof_received()

    def connection_lost(self, error):
        self._mark_gone()
        super().connection_lost(error)

    def _mark_gone(self):
        if not self.gone.done():
            self.gone.set_result(None)


async def listen(service: Service) -> asyncio.Server:
    """Serves on a free port of the loopback address."""
    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter):
        try:
            await _converse(service, reader, writer)
        except (Hangup, BadMessage, ConnectionError):
            pass
        finally:
            writer.close()

    loop = asyncio.get_running_loop()
    return await loop.create_server(lambda: _Protocol(serve), "127.0.0.1", 0, backlog=1024)


def port_of(server: asyncio.Server) -> int:
    """The port that the listener got."""
    return server.sockets[0].getsockname()[1]


async def _converse(service: Service, reader, writer) -> None:
    gone = writer.transport.get_protocol().gone
    while (request := await read_message(reader)) is not None:
        answer = await _answer_unless_gone(service, request, gone)
        writer.write(answer.encode())
        await writer.drain()
        if request.closes():
            return


async def _answer_unless_gone(service: Service, request: Message, gone: asyncio.Future) -> Message:
    work = asyncio.ensure_future(_answer(service, request))
    await asyncio.wait({work, gone}, return_when=asyncio.FIRST_COMPLETED)
    if not work.done():
        work.cancel()
        raise Hangup
    return work.result()


async def _answer(service: Service, request: Message) -> Message:
    try:
        return await service(request)
    except (BadMessage, ConnectionError) as error:
        return Message("HTTP/1.1 503 Service Unavailable", [("content-type", "text/plain")], str(error).encode())
    except Exception:  # noqa: BLE001  a fault of ours must be seen as one, and must not end the listener
        traceback.print_exc(file=sys.stderr)
        return Message("HTTP/1.1 500 Internal Server Error", [("content-type", "text/plain")], b"fault in the proxy")
