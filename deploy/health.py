"""The health check of a container of subgraphs: `python -IS health.py PORT` fails unless `/ready` answers 200 there.

It imports next to nothing, because each container runs it every few seconds.
"""

import socket
import sys

SECONDS = 5
"""`/ready` itself waits up to two seconds for the database."""


def is_ready(port: int) -> bool:
    """Tell whether what listens at a port of this container is ready."""
    try:
        with socket.create_connection(("127.0.0.1", port), SECONDS) as connection:
            connection.sendall(b"GET /ready HTTP/1.1\r\nhost: 127.0.0.1\r\nconnection: close\r\n\r\n")
            return connection.recv(64).split(b" ")[1:2] == [b"200"]
    except OSError:
        return False


sys.exit(not is_ready(int(sys.argv[1])))
