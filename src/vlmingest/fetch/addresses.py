"""What an address is: its host group (the unit of politeness) and whether a redirect may lead there."""

from __future__ import annotations

import ipaddress
import socket
from collections.abc import Callable, Iterable
from urllib.parse import urljoin, urlsplit, urlunsplit

from vlmingest.errors import BadResponseError

Resolver = Callable[[str], Iterable[str]]


def host_of(url: str) -> str:
    """The host of `url` in lower case, without port."""
    return (urlsplit(url).hostname or "").rstrip(".").lower()


def host_group(url: str) -> str:
    """The unit of the interval: all of arxiv.org is one (its terms count the services together), loopback is one."""
    host = host_of(url)
    if host == "arxiv.org" or host.endswith(".arxiv.org"):
        return "arxiv.org"
    if host == "localhost" or host.endswith(".localhost"):
        return "loopback"
    address = _literal(host)
    return "loopback" if address is not None and address.is_loopback else host


def resolve(host: str) -> list[str]:
    """The addresses of a host name; an empty list where it has none."""
    try:
        return sorted({str(info[4][0]) for info in socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)})
    except (OSError, UnicodeError):
        return []


def is_internal(host: str, resolver: Resolver = resolve) -> bool:
    """Whether the host is, or resolves to, anything but a public address (loopback, private, link-local, reserved)."""
    address = _literal(host)
    if address is not None:
        return not _is_public(address)
    if host == "localhost" or host.endswith((".localhost", ".local", ".internal")):
        return True
    return any(not _is_public(item) for text in resolver(host) if (item := _literal(text)) is not None)


def plain_url(url: str) -> str:
    """`url` without user name, password and fragment: what may be logged and sent on."""
    parts = urlsplit(url)
    host = parts.hostname or ""
    netloc = f"[{host}]" if ":" in host else host
    if parts.port is not None:
        netloc += f":{parts.port}"
    return urlunsplit((parts.scheme, netloc, parts.path, parts.query, ""))


def redirect_target(url: str, location: str, *, anywhere: bool, resolver: Resolver = resolve) -> str:
    """Where a redirect from `url` leads; raises BadResponseError where it must not be followed.

    Followed: http(s) only, never from https down to http, inside the host group (or to any public host with
    `anywhere`), never from a public host to an internal address: no page makes us ask the user's own network.
    """
    target = plain_url(urljoin(url, location))
    old, new = urlsplit(url), urlsplit(target)
    if new.scheme not in ("http", "https") or not new.hostname:
        raise BadResponseError(url, f"redirects to {location[:200]!r}, which is not http(s)")
    if old.scheme == "https" and new.scheme == "http":
        raise BadResponseError(url, f"redirects from https down to {target[:200]}")
    if host_group(target) != host_group(url):
        if not anywhere:
            raise BadResponseError(url, f"redirects to another host: {target[:200]}")
        if is_internal(host_of(target), resolver):
            raise BadResponseError(url, f"redirects to an internal address: {target[:200]}")
    return target


def _literal(host: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    try:
        return ipaddress.ip_address(host.partition("%")[0])
    except ValueError:
        return None


def _is_public(address: ipaddress.IPv4Address | ipaddress.IPv6Address) -> bool:
    mapped = getattr(address, "ipv4_mapped", None)
    return bool((mapped or address).is_global) and not address.is_multicast
