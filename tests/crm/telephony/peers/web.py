"""The HTTP side of ARI, VoIPGRID and 3CX as documented, in one server that can also misbehave."""

import base64
import json
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, parse_qsl, urlsplit

from tests.crm.telephony.peers import SILENCE

USER, SECRET = "kopkoffie", "niet-te-raden"
EMAIL, TOKEN = "desk@voorbeeld.nl", "0a1b2c3d-geheim"
CLIENT, CLIENT_SECRET = "900", "sleutel-van-3cx"

Reply = tuple[int, Any]


@dataclass
class Request:
    method: str
    path: str
    query: dict[str, str]
    headers: dict[str, str]
    body: bytes

    def json(self) -> dict[str, Any]:
        sent: dict[str, Any] = json.loads(self.body)
        return sent


@dataclass
class Peer:
    """`states` is what the calls it knows are doing; `faults` are the ways in which it misbehaves."""

    port: int = 0
    faults: set[str] = field(default_factory=set)
    asked: list[Request] = field(default_factory=list)
    states: dict[str, str] = field(default_factory=dict)
    tokens: set[str] = field(default_factory=set)
    token_lasts: int = 3600

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def posts(self, end: str = "") -> list[Request]:
        return [request for request in self.asked if request.method == "POST" and request.path.endswith(end)]

    def answer(self, request: Request) -> Reply:
        for start, system in (("/ari/", self._ari), ("/api/", self._voipgrid), ("/c", self._threecx)):
            if request.path.startswith(start):
                return system(request)
        return 404, {"message": "Not found"}

    def _ari(self, request: Request) -> Reply:
        wanted = base64.b64encode(f"{USER}:{SECRET}".encode()).decode()
        if request.headers.get("authorization") != f"Basic {wanted}":
            return 401, {"error": "Unauthorized"}
        channel, _slash, rest = request.path.removeprefix("/ari/channels/").partition("/")
        if request.method == "POST":
            if request.query["endpoint"].endswith("/999"):
                return 500, {"error": "Allocation failed"}
            if channel in self.states:
                return 409, {"message": "Channel with given unique ID already exists"}
            self.states[channel] = "Down"
            return 200, {"id": channel, "state": "Down", "name": "PJSIP/101-00000001"}
        if channel not in self.states:
            return 404, {"message": "Channel not found"}
        if request.method == "DELETE":
            del self.states[channel]
            return 204, None
        state, _colon, dialled = self.states[channel].partition(":")
        if not rest:
            return 200, {"id": channel, "state": state}
        return (200, {"value": dialled}) if dialled else (404, {"message": "Provided variable was not found"})

    def _voipgrid(self, request: Request) -> Reply:
        if request.headers.get("authorization") != f"Token {EMAIL}:{TOKEN}":
            return 401, {"detail": "Invalid token."}
        callid = request.path.removeprefix("/api/clicktodial/").strip("/")
        if request.method == "POST":
            sent = request.json()
            if sent["a_number"] == "999":
                return 400, {"a_number": ["Not allowed"]}
            self.states["call-7"] = ""
            return 201, sent | {"callid": "call-7", "status": None, "created": "2026-11-24T10:00:00"}
        if callid not in self.states:
            return 404, {"detail": "Not found."}
        if request.method == "DELETE":
            if self.states[callid] == "disconnected":
                return 400, {"detail": "Call already ended."}
            self.states[callid] = "disconnected"
            return 204, None
        return 200, {"callid": callid, "status": self.states[callid] or None}

    def _threecx(self, request: Request) -> Reply:
        if request.path == "/connect/token":
            return self._new_token(dict(parse_qsl(request.body.decode())))
        if request.headers.get("authorization", "").removeprefix("Bearer ") not in self.tokens:
            return 401, None
        _callcontrol, line, what, *rest = request.path.strip("/").split("/")
        if what == "makecall":
            if line == "999":
                return 403, {"finalstatus": "Failed"}
            self.states["5"] = "Dialing"
            return 200, {
                "finalstatus": "Success",
                "reason": "None",
                "result": {"id": 5, "dn": line, "status": "Dialing"},
            }
        if rest[0] not in self.states:
            return 404, None
        if rest[1:] == ["drop"]:
            del self.states[rest[0]]
            return 200, {"finalstatus": "Success", "result": None}
        return 200, {"id": int(rest[0]), "status": self.states[rest[0]], "dn": line}

    def _new_token(self, form: dict[str, str]) -> Reply:
        if form != {"grant_type": "client_credentials", "client_id": CLIENT, "client_secret": CLIENT_SECRET}:
            return 400, {"error": "invalid_client"}
        token = f"token-{len(self.posts('/connect/token'))}"
        self.tokens.add(token)
        return 200, {"access_token": token, "token_type": "Bearer", "expires_in": self.token_lasts}


@contextmanager
def running(peer: Peer) -> Iterator[Peer]:
    class Handler(_Handler):
        asked = peer

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        server.daemon_threads, server.block_on_close = True, False
        peer.port = server.server_address[1]
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
        yield peer
        server.shutdown()


class _Handler(BaseHTTPRequestHandler):
    asked: Peer
    protocol_version = "HTTP/1.1"

    def _reply(self) -> None:
        parts = urlsplit(self.path)
        body = self.rfile.read(int(self.headers.get("content-length", 0)))
        headers = {name.lower(): value for name, value in self.headers.items()}
        query = {name: values[0] for name, values in parse_qs(parts.query).items()}
        request = Request(self.command, parts.path, query, headers, body)
        self.asked.asked.append(request)
        with suppress(OSError):
            self._send(*self.asked.answer(request))

    do_GET = do_POST = do_DELETE = _reply  # noqa: N815  the names of the library

    def _send(self, status: int, content: Any) -> None:
        body = b"" if content is None else json.dumps(content).encode()
        faults = self.asked.faults
        if "closes" in faults:
            self.connection.shutdown(socket.SHUT_RDWR)
        if "silent" in faults:
            time.sleep(SILENCE)
        if "garbage" in faults:
            body = b"<html>\x00\xff" + body
        if "huge" in faults:
            body = b'{"x": "' + b"x" * 300_000 + b'"}'
        self.send_response(500 if "broken" in faults else 302 if "elsewhere" in faults else status)
        self.send_header("Content-Length", str(len(body) + 10 * ("half" in faults)))
        self.send_header("Location", "http://127.0.0.1:9/")
        self.end_headers()
        self._send_body(body)

    def _send_body(self, body: bytes) -> None:
        if "drip" in self.asked.faults:
            for byte in body:
                self.wfile.write(bytes([byte]))
                time.sleep(0.2)
        self.wfile.write(body)
        if "half" in self.asked.faults:
            self.connection.shutdown(socket.SHUT_RDWR)

    def log_message(self, *_arguments: object) -> None:
        pass
