"""Addresses of pictures that a room's file may give."""

import re
from ipaddress import ip_address
from typing import Annotated, Any
from urllib.parse import urlsplit

from pydantic import BeforeValidator


def _picture(text: Any) -> Any:
    """Of a camera on the network: whoever sees the panel sees what is there."""
    if not isinstance(text, str):
        return text
    try:
        parts = urlsplit(text)
        host, _ = parts.hostname or "", parts.port
    except ValueError as error:
        raise ValueError(f"no address of a picture: {error}") from None
    if parts.scheme not in ("http", "https") or not host or not text.isprintable():
        raise ValueError("give the address of a picture, like http://192.168.1.2/snapshot.jpg")
    if _is_not_elsewhere(host):
        raise ValueError(f"a picture of {host}: give an address of a camera on the network")
    return text


def _is_not_elsewhere(host: str) -> bool:
    """Whether it is this machine, or what no camera has."""
    if host == "localhost" or host.endswith(".localhost"):
        return True
    try:
        address = ip_address(host)
    except ValueError:
        # Other spellings of addresses, which some resolvers take: 2130706433, 0x7f.1
        return re.fullmatch(r"(0x[0-9a-f]+|\d+)(\.(0x[0-9a-f]+|\d+))*", host) is not None
    address = getattr(address, "ipv4_mapped", None) or address
    return (
        address.is_loopback
        or address.is_link_local
        or address.is_unspecified
        or address.is_multicast
    )


Picture = Annotated[str, BeforeValidator(_picture)]
