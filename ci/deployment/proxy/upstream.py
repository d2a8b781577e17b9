"""Connections to ministack, kept and used again."""

import asyncio

from .messages import HEAD_LIMIT, Message, read_message


class Upstream:
    """The emulator behind the proxy."""

    def __init__(self, port: int):
        self.port = port
        self._idle: list[tuple[asyncio.StreamReader, asyncio.StreamWriter]] = []

    async def exchange(self, request: Message) -> Message:
        """Sends a request and returns the answer; raises ConnectionError when ministack is gone.

        When cancelled (the client hung up), the connection is closed, so that a long poll does not go on and take
        messages for nobody.
        """
        while self._idle:
            answer = await self._try(request, *self._idle.pop())
            if answer is not None:
                return answer
        answer = await self._try(request, *await asyncio.open_connection("127.0.0.1", self.port, limit=HEAD_LIMIT))
        if answer is None:
            raise ConnectionError("ministack closed the connection without an answer")
        return answer

    async def _try(self, request: Message, reader, writer) -> Message | None:
        # Nothing at all on a kept connection: ministack had closed it for being idle, and took no request from it.
        if reader.at_eof():
            writer.close()
            return None
        try:
            writer.write(request.encode())
            answer = await read_message(reader)
        except ConnectionResetError:
            answer = None
        except BaseException:
            writer.close()
            raise
        if answer is None or answer.closes():
            writer.close()
        else:
            self._idle.append((reader, writer))
        return answer
