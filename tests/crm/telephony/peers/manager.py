"""A manager of Asterisk over TCP, with the words and the order of a real one, that can also misbehave."""

import socket
import socketserver
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from hashlib import md5

from tests.crm.telephony.peers import SILENCE

USER, SECRET = "kopkoffie", "niet-te-raden"
CHALLENGE = "156979842"

# What happens on a call, by the last digit of the number: as version 16 tells it.
OWN_RINGS = [{"Event": "Newstate", "Uniqueid": "{key}", "ChannelStateDesc": "Ringing"}]
PICKED_UP = [
    {"Event": "OriginateResponse", "ActionID": "{key}", "Response": "Success", "Reason": "4", "Uniqueid": "{key}"},
    {"Event": "DialEnd", "DestUniqueid": "{key}", "DialStatus": "ANSWER"},
    {"Event": "DialBegin", "Uniqueid": "{key}", "DestUniqueid": "179.1"},
]
NOT_PICKED_UP = [
    {"Event": "Hangup", "Uniqueid": "{key}", "Cause": "19"},
    {"Event": "OriginateResponse", "ActionID": "{key}", "Response": "Failure", "Reason": "3", "Uniqueid": "{key}"},
]


def ends(status: str, cause: str = "16") -> list[dict[str, str]]:
    return [
        {"Event": "DialEnd", "Uniqueid": "{key}", "DestUniqueid": "179.1", "DialStatus": status},
        {"Event": "Hangup", "Uniqueid": "179.1", "Cause": "17"},
        {"Event": "Hangup", "Uniqueid": "{key}", "Cause": cause},
    ]


STORIES = {
    "1": [*OWN_RINGS, *PICKED_UP, ends("ANSWER")[0]],
    "2": [*OWN_RINGS, *PICKED_UP, *ends("BUSY")],
    "3": [*OWN_RINGS, *PICKED_UP, *ends("NOANSWER")],
    "4": [*OWN_RINGS, *NOT_PICKED_UP],
    "5": [*OWN_RINGS, *PICKED_UP, *ends("CHANUNAVAIL", cause="1")],
}


@dataclass
class Manager:
    """`faults` are the ways in which it misbehaves; `asked` are the actions that it was asked for."""

    port: int = 0
    faults: set[str] = field(default_factory=set)
    asked: list[dict[str, str]] = field(default_factory=list)
    raw: bytearray = field(default_factory=bytearray)
    channels: dict[str, str] = field(default_factory=dict)
    connections: int = 0

    def actions(self, name: str) -> list[dict[str, str]]:
        return [action for action in self.asked if action["Action"] == name]


@contextmanager
def running(manager: Manager) -> Iterator[Manager]:
    class Server(socketserver.ThreadingTCPServer):
        allow_reuse_address = daemon_threads = True
        block_on_close = False

    class Handler(_Handler):
        peer = manager

    with Server(("127.0.0.1", manager.port), Handler) as server:
        manager.port = server.server_address[1]
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
        yield manager
        server.shutdown()


class _Handler(socketserver.StreamRequestHandler):
    peer: Manager

    def handle(self) -> None:
        self.peer.connections += 1
        with suppress(OSError):
            self._greet()
            while action := self._read():
                self.peer.asked.append(action)
                self._answer(action)

    def _greet(self) -> None:
        if "garbage" in self.peer.faults:
            self.wfile.write(b"HTTP/1.1 400 Bad Request\r\n\r\n\x00\xff\r\n" * 3)
        if "endless" in self.peer.faults:
            self.wfile.write(b"Asterisk Call Manager/5.0.5\r\n" + b"x" * 200_000)
        if "silent" in self.peer.faults:
            time.sleep(SILENCE)
        if "drip" in self.peer.faults:
            for byte in b"Asterisk Call Manager/5.0.5\r\n" * 10:
                self.wfile.write(bytes([byte]))
                time.sleep(0.2)
        self.wfile.write(b"Asterisk Call Manager/5.0.5\r\n")

    def _read(self) -> dict[str, str]:
        action: dict[str, str] = {}
        while line := self.rfile.readline():
            self.peer.raw += line
            if not line.strip():
                return action
            name, _colon, value = line.decode().partition(":")
            action[name.strip()] = value.strip()
        return {}

    def _answer(self, action: dict[str, str]) -> None:
        match action["Action"]:
            case "Challenge":
                self._say(action, Response="Success", Challenge=CHALLENGE)
            case "Login":
                self._login(action)
            case "Originate":
                self._originate(action)
            case "Hangup":
                known = self.peer.channels.pop(action["Channel"], None)
                if known is None:
                    self._say(action, Response="Error", Message="No such channel")
                else:
                    self._say(action, Response="Success", Message="Channel Hungup")
                    self._tell(ends("ANSWER")[2:], action["Channel"])
            case "Status":
                self._say(action, Response="Success", EventList="start")
                for channel, bridge in self.peer.channels.items():
                    self._say(action, Event="Status", Uniqueid=channel, BridgeID=bridge)
                self._say(action, Event="StatusComplete", EventList="Complete", Items=str(len(self.peer.channels)))

    def _login(self, action: dict[str, str]) -> None:
        key = md5((CHALLENGE + SECRET).encode()).hexdigest()
        if (action["Username"], action["Key"]) == (USER, key):
            self._say(action, Response="Success", Message="Authentication accepted")
            self._tell([{"Event": "FullyBooted", "Status": "Fully Booted"}], "")
        else:
            self._say(action, Response="Error", Message="Authentication failed")
            self.connection.shutdown(socket.SHUT_RDWR)

    def _originate(self, action: dict[str, str]) -> None:
        if "hangs up on originate" in self.peer.faults:
            self.connection.shutdown(socket.SHUT_RDWR)
        if "silent on originate" in self.peer.faults:
            time.sleep(SILENCE)
        if action["Context"] == "nowhere":
            self._say(action, Response="Error", Message="Extension does not exist.")
            return
        self.peer.channels[action["ChannelId"]] = ""
        if "half a block" in self.peer.faults:
            self.wfile.write(b"Response: Succ")
            self.connection.shutdown(socket.SHUT_RDWR)
        self._say(action, Response="Success", Message="Originate successfully queued")
        self._tell(STORIES[action["Exten"][-1]], action["ChannelId"])

    def _say(self, action: dict[str, str], **fields: str) -> None:
        if "ActionID" in action:
            fields = {**dict(list(fields.items())[:1]), "ActionID": action["ActionID"], **fields}
        self.wfile.write("".join(f"{name}: {value}\r\n" for name, value in fields.items()).encode() + b"\r\n")

    def _tell(self, events: list[dict[str, str]], key: str) -> None:
        for event in events:
            lines = [f"{name}: {value.replace('{key}', key)}\r\n" for name, value in event.items()]
            self.wfile.write("".join([*lines[:1], "Privilege: call,all\r\n", *lines[1:]]).encode() + b"\r\n")
