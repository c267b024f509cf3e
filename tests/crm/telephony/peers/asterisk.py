"""A real Asterisk in a process of its own, on ports of its own, with a dial plan of a few lines."""

import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

USER, SECRET = "kopkoffie", "niet-te-raden"
NEEDED = ("asterisk", "sipp")
PATIENCE = 30


@dataclass(frozen=True)
class Asterisk:
    """Line 101 is a SIP telephone that is picked up; who is behind a number says how the number ends."""

    manager_port: int
    http_port: int


def missing() -> str:
    """What a test with a real Asterisk needs and this machine does not have; empty when it has all."""
    return ", ".join(name for name in NEEDED if shutil.which(name) is None)


@contextmanager
def running(folder: Path) -> Iterator[Asterisk]:
    manager, http, sip, phone = _free_ports(4)
    _configure(folder, manager, http, sip, phone)
    log = (folder / "output").open("wb")
    processes = [
        subprocess.Popen(["asterisk", "-f", "-C", str(folder / "asterisk.conf")], stdout=log, stderr=log),
        subprocess.Popen(
            ["sipp", "-sn", "uas", "-i", "127.0.0.1", "-p", str(phone), "-nostdin", f"127.0.0.1:{sip}"],
            cwd=folder, stdout=subprocess.DEVNULL, stderr=log,
        ),
    ]  # fmt: skip
    try:
        _await(manager, folder)
        _await(http, folder)
        booted = ["asterisk", "-C", str(folder / "asterisk.conf"), "-rx", "core waitfullybooted"]
        subprocess.run(booted, check=True, timeout=PATIENCE, stdout=log, stderr=log)
        yield Asterisk(manager, http)
    finally:
        for process in processes:
            process.terminate()
            with suppress(subprocess.TimeoutExpired):
                process.wait(5)
            process.kill()
            process.wait()
        log.close()


def _configure(folder: Path, manager: int, http: int, sip: int, phone: int) -> None:
    own = {name: folder / name for name in ("run", "log", "spool", "db")}
    for path in own.values():
        path.mkdir()
    files = {
        "asterisk.conf": (
            f"[directories]\nastetcdir => {folder}\nastrundir => {own['run']}\nastlogdir => {own['log']}\n"
            f"astspooldir => {own['spool']}\nastdbdir => {own['db']}\n[options]\nquiet = yes\n"
        ),
        "modules.conf": "[modules]\nautoload = yes\nnoload = chan_sip.so\n",
        "logger.conf": "[general]\n[logfiles]\nfull => error,warning,notice\n",
        "manager.conf": (
            f"[general]\nenabled = yes\nport = {manager}\nbindaddr = 127.0.0.1\n"
            f"[{USER}]\nsecret = {SECRET}\nread = call\nwrite = originate,call,system,reporting\n"
        ),
        "http.conf": f"[general]\nenabled = yes\nbindaddr = 127.0.0.1\nbindport = {http}\n",
        "ari.conf": f"[general]\nenabled = yes\n[{USER}]\ntype = user\npassword = {SECRET}\n",
        "rtp.conf": "[general]\nrtpstart = 30000\nrtpend = 30200\n",
        "pjsip.conf": (
            f"[transport]\ntype = transport\nprotocol = udp\nbind = 127.0.0.1:{sip}\n"
            f"[101]\ntype = endpoint\naors = 101\ncontext = out\ndisallow = all\nallow = ulaw\n"
            f"[101]\ntype = aor\ncontact = sip:101@127.0.0.1:{phone}\n"
        ),
        "extensions.conf": (
            "[out]\nexten => _+X.,1,Dial(Local/${EXTEN:-1}@others,20)\nsame => n,Wait(1)\nsame => n,Hangup()\n"
            "[others]\n"
            "exten => 1,1,Ringing()\nsame => n,Wait(0.3)\nsame => n,Answer()\nsame => n,Echo()\n"
            "exten => 2,1,Busy(2)\n"
            "exten => 3,1,Ringing()\nsame => n,Wait(60)\n"
            "[silent]\nexten => 102,1,Wait(60)\n"
        ),
    }
    for name, text in files.items():
        (folder / name).write_text(text)


def _free_ports(count: int) -> list[int]:
    probes = [socket.socket() for _each in range(count)]
    for probe in probes:
        probe.bind(("127.0.0.1", 0))
    ports = [probe.getsockname()[1] for probe in probes]
    for probe in probes:
        probe.close()
    return ports


def _await(port: int, folder: Path) -> None:
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        with suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
            return
        time.sleep(0.1)
    raise TimeoutError((folder / "output").read_text(errors="replace")[-2000:])
