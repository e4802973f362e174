"""A network between a program and its PostgreSQL that can lose an answer."""

import socket
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from threading import Thread

from psycopg.conninfo import conninfo_to_dict

CHUNK = 65536


class Network:
    """Passes everything on, until it is told to lose the next answer."""

    def __init__(self, url: str) -> None:
        self.parts = conninfo_to_dict(url)
        self.listening = socket.create_server(("127.0.0.1", 0))
        self.lost = 0
        self._losing = False
        self._open: list[socket.socket] = [self.listening]
        Thread(target=self._accept, daemon=True).start()

    @property
    def url(self) -> str:
        """The URL of the database through this network."""
        port = self.listening.getsockname()[1]
        parts = self.parts | {"host": "127.0.0.1", "port": port}
        return "postgresql:///?" + "&".join(f"{name}={value}" for name, value in parts.items())

    def lose_the_next_answer(self) -> None:
        """Deliver the next request; lose the answer to it, and the connection."""
        self._losing = True

    def close(self) -> None:
        """Cut every connection."""
        for each in self._open:
            with suppress(OSError):
                each.shutdown(socket.SHUT_RDWR)
            each.close()

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                client, _ = self.listening.accept()
                client.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                server = self._connect()
                self._open += [client, server]
                Thread(target=self._pass_on, args=(client, server), daemon=True).start()
                Thread(target=self._pass_back, args=(server, client), daemon=True).start()

    def _connect(self) -> socket.socket:
        host, port = str(self.parts.get("host") or "127.0.0.1"), self.parts.get("port") or 5432
        if not host.startswith("/"):
            return socket.create_connection((host, int(port)))
        server = socket.socket(socket.AF_UNIX)
        server.connect(f"{host}/.s.PGSQL.{port}")
        return server

    def _pass_on(self, client: socket.socket, server: socket.socket) -> None:
        with suppress(OSError):
            while said := client.recv(CHUNK):
                server.sendall(said)
            server.shutdown(socket.SHUT_RDWR)

    def _pass_back(self, server: socket.socket, client: socket.socket) -> None:
        with suppress(OSError):
            while said := server.recv(CHUNK):
                if self._losing:
                    self._losing = False
                    self.lost += 1
                    break
                client.sendall(said)
            for end in (client, server):
                end.shutdown(socket.SHUT_RDWR)


@contextmanager
def network(url: str) -> Iterator[Network]:
    """Put a network before a database."""
    between = Network(url)
    try:
        yield between
    finally:
        between.close()
