"""A mail server that takes every mail and keeps it, unless it is told to refuse."""

import asyncio
import email
import email.policy
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from email.message import EmailMessage

ANSWERS = {b"EHLO": b"250 test\r\n", b"MAIL": b"250 ok\r\n", b"RCPT": b"250 ok\r\n", b"DATA": b"354 go\r\n"}


@asynccontextmanager
async def mail_server(
    port: int = 0, refused: str | None = None, refusals: Mapping[bytes, bytes] | None = None, host: str = "127.0.0.1"
) -> AsyncIterator[tuple[int, list[EmailMessage]]]:
    """Serve on a port of an address of this machine; yields the port, and the mails as they come.

    Recipients whose address holds the text `refused` are refused for now. `refusals` are answers to verbs, given
    instead.
    """
    answers = ANSWERS | dict(refusals or {})
    received: list[EmailMessage] = []

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"220 test\r\n")
        while line := await reader.readline():
            verb = line[:4].upper()
            is_refused = verb == b"RCPT" and refused is not None and refused in line.decode()
            writer.write(b"451 " + line if is_refused else answers.get(verb, b"221 bye\r\n"))
            if verb == b"DATA" and answers[verb].startswith(b"354"):
                data = await reader.readuntil(b"\r\n.\r\n")
                received.append(email.message_from_bytes(data, policy=email.policy.default))
                writer.write(b"250 taken\r\n")
            if verb == b"QUIT":
                break
        writer.close()

    async with await asyncio.start_server(serve, host, port) as server:
        yield server.sockets[0].getsockname()[1], received
