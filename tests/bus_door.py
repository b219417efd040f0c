"""Whether nats-server lets somebody in, asked without a client: nats-py leaves a socket behind where it is refused."""

import json
import socket
from urllib.parse import urlsplit


def lets_in(url: str, user: str = "", password: str = "") -> bool:
    said = {"verbose": False, "pedantic": False, "lang": "test", "version": "1", "protocol": 1}
    login = {"user": user, "pass": password} if user else {}
    place = urlsplit(url)
    with socket.create_connection((place.hostname, place.port), timeout=10) as door:
        lines = door.makefile("rb")
        assert lines.readline().startswith(b"INFO")
        door.sendall(f"CONNECT {json.dumps(said | login)}\r\nPING\r\n".encode())
        return lines.readline() == b"PONG\r\n"
