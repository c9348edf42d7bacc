"""Whom a line trusts: the fingerprints of certificates and host keys, and the login it is opened with."""

import base64
import binascii
import re
from dataclasses import dataclass, field

WRONG_PASSWORD = "it does not take the password of"


@dataclass(frozen=True, slots=True)
class Login:
    """What a line that asks for a login is opened with."""

    user: str
    password: str = field(repr=False)


class Distrust(OSError):
    """The other end is not who it should be, or nobody says who it should be."""


def parse_verify(text: str) -> str:
    """``yes``, ``no``, or a SHA-256 as 64 hexadecimal digits. Raises ValueError.

    Fingerprints are taken as openssl prints them (``AB:CD:…``) and as OpenSSH does (``SHA256:…``).
    """
    if text in ("yes", "no"):
        return text
    digits = text.replace(":", "").lower()
    if re.fullmatch(r"[0-9a-f]{64}", digits):
        return digits
    name, _, encoded = text.partition(":")
    if name == "SHA256" and len(encoded) == 43:
        try:
            return base64.b64decode(encoded + "=", validate=True).hex()
        except binascii.Error:
            pass
    raise ValueError("verify is yes, no, or the SHA-256 of the other end's certificate or key")


def distrusted(place: str, why: str, fingerprint: str) -> Distrust:
    """``fingerprint``: what was met there, for somebody to compare and to write down."""
    return Distrust(
        f"{place} is not trusted: {why}; its fingerprint is {fingerprint}:"
        f" compare it with the device's own, then write ?verify={fingerprint}"
    )
