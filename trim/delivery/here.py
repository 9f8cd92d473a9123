"""Whether a host is this machine: there nobody listens in between."""

from __future__ import annotations

from ipaddress import ip_address


def is_here(host: str) -> bool:
    """Whether it is a loopback address, or the name of one."""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
