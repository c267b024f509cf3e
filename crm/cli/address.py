"""Where the web server listens: can it, does it answer, and what do people open."""

import errno
import socket
from http.client import HTTPConnection, HTTPException

from crm.core.errors import CrmError
from crm.core.i18n import _
from crm.core.settings import settings

ANYWHERE = {"0.0.0.0", "::"}  # noqa: S104  compared with, not listened on


class CannotListen(CrmError):
    """The address or the port cannot be had."""


def shown() -> str:
    """What to type in a browser."""
    return settings().public_url or f"http://{_reachable_host()}:{settings().port}"


def require_free() -> None:
    """Raises CannotListen before anything is started, instead of a server that dies."""
    try:
        family, kind, _protocol, _name, address = socket.getaddrinfo(
            settings().host, settings().port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
        with socket.socket(family, kind) as trial:
            trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            trial.bind(address)
    except OSError as error:
        raise CannotListen(_why(error)) from error


def answers() -> bool:
    """Whether the web server is up."""
    connection = HTTPConnection(_reachable_host().strip("[]"), settings().port, timeout=1)
    try:
        connection.request("GET", "/healthz")
        return connection.getresponse().status == 200
    except (OSError, HTTPException):
        return False
    finally:
        connection.close()


def is_open_to_others() -> bool:
    return settings().host not in {"127.0.0.1", "::1", "localhost"}


def _reachable_host() -> str:
    host = "127.0.0.1" if settings().host in ANYWHERE else settings().host
    return f"[{host}]" if ":" in host else host


def _why(error: OSError) -> str:
    port = settings().port
    if error.errno == errno.EADDRINUSE:
        return _("KOPKOFFIE_PORT: port {port} is in use. Stop what uses it, or choose another port.").format(port=port)
    if error.errno == errno.EACCES:
        return _("KOPKOFFIE_PORT: this user may not use port {port}. Choose one above 1023.").format(port=port)
    return _("KOPKOFFIE_HOST: this machine has no address {host}. Use 127.0.0.1, or 0.0.0.0 for the network.").format(
        host=settings().host
    )
