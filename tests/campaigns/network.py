"""A network that loses the answer to one particular request."""

import socket
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from record.proxy import CHUNK, Network


class LosingNetwork(Network):
    """Passes everything on, but for the answer to a request in which certain words stand."""

    def __init__(self, url: str) -> None:
        self._words = b""
        self._losing_from: set[socket.socket] = set()
        super().__init__(url)

    @property
    def address(self) -> str:
        """The address of a web server behind this network."""
        return f"http://127.0.0.1:{self.listening.getsockname()[1]}"

    def lose_the_answer_to(self, words: str) -> None:
        """Deliver the next request with these words; lose its answer, and the connection."""
        self._words = words.encode()

    def _pass_on(self, client: socket.socket, server: socket.socket) -> None:
        with suppress(OSError):
            while said := client.recv(CHUNK):
                if self._words and self._words in said:
                    self._words = b""
                    self._losing_from.add(server)
                server.sendall(said)
            server.shutdown(socket.SHUT_RDWR)

    def _pass_back(self, server: socket.socket, client: socket.socket) -> None:
        with suppress(OSError):
            while said := server.recv(CHUNK):
                if server in self._losing_from:
                    self._losing_from.discard(server)
                    self.lost += 1
                    break
                client.sendall(said)
            for end in (client, server):
                end.shutdown(socket.SHUT_RDWR)


@contextmanager
def before(place: str) -> Iterator[LosingNetwork]:
    """Put such a network before a database, or a web server (``host=127.0.0.1 port=…``)."""
    between = LosingNetwork(place)
    try:
        yield between
    finally:
        between.close()
