"""Paper: what the templates in `data` make of what they are told, as an accessible PDF or a picture."""

import json
import re
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Literal

import structlog

from crm.core import press
from crm.core.errors import CrmError
from crm.core.i18n import _
from crm.core.settings import PROJECT_DIR

SECONDS = 120
PICTURES = re.compile("[\u2600-\u27bf\U0001f000-\U0001faff\ufe0f\u200d\u20e3]")  # emoji, which the font does not have

log = structlog.get_logger()


class NotPrinted(CrmError):
    def __init__(self) -> None:
        super().__init__(_("This could not be printed. Nothing is lost: try again, or tell your administrator."))


class TooLong(CrmError):
    def __init__(self) -> None:
        super().__init__(_("This does not fit on the paper. Make the text shorter."))


def typeset(template: Path, told: Mapping[str, Any], kind: Literal["pdf", "png"] = "pdf") -> bytes:
    """A PDF (PDF/UA), or a PNG of the first page. The template reads `told`, JSON, from `sys.inputs.told`.

    Emoji are left out: on paper they would be empty boxes.
    Raises TooLong when the template says "too-long", and NotPrinted.
    """
    data = PICTURES.sub("", json.dumps(told, ensure_ascii=False)).encode()
    command = [sys.executable, "-m", press.__name__, str(template), kind]
    try:
        done = subprocess.run(  # noqa: S603  this very Python
            command, cwd=PROJECT_DIR, input=data, capture_output=True, timeout=SECONDS, check=False
        )
    except subprocess.TimeoutExpired as error:
        raise NotPrinted from error
    if done.returncode == press.TOO_LONG:
        raise TooLong
    if done.returncode:
        log.error("not printed", template=template.name, why=done.stderr.decode("utf-8", "replace")[-500:])
        raise NotPrinted
    return done.stdout
