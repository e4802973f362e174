"""Places on the record as people hold them: sealed, as a number would count what others record."""

import secrets
from base64 import urlsafe_b64decode, urlsafe_b64encode
from hashlib import blake2b

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESSIV

SALT_BYTES = 12
PLACE_BYTES = 8


class Positions:
    """Seals positions, and opens what it has sealed; every process has the same key."""

    def __init__(self, key: bytes) -> None:
        self._key = urlsafe_b64decode(key)
        self._seal = AESSIV(self._key)

    def write(self, position: int, of: str | None = None) -> str:
        """Seal a position: each time otherwise, but always alike as the position ``of`` a thing."""
        salt = secrets.token_bytes(SALT_BYTES) if of is None else self._salt(of)
        place = position.to_bytes(PLACE_BYTES)
        return urlsafe_b64encode(salt + self._seal.encrypt(place, [salt])).decode()

    def read(self, sealed: str) -> int | None:
        """Open a position; None if it was not sealed here."""
        try:
            held = urlsafe_b64decode(sealed)
            salt, rest = held[:SALT_BYTES], held[SALT_BYTES:]
            return int.from_bytes(self._seal.decrypt(rest, [salt]))
        except (ValueError, InvalidTag):
            return None

    def _salt(self, of: str) -> bytes:
        return blake2b(of.encode(), digest_size=SALT_BYTES, key=self._key).digest()
