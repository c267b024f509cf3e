"""Whose line is which: for oneself on the account page, for others among the users."""

import streamlit as st

from crm.access.models import User
from crm.core.i18n import _
from crm.core.settings import settings
from crm.telephony.dialling.systems import system_names
from crm.telephony.inputs import LineInput
from crm.telephony.models import BY_LINK, PhoneLine
from crm.telephony.services import set_line
from web import state
from web.actions import perform
from web.components.text import literal

SYSTEM, LINE = "phone-system", "phone-line"


def draw_line_form(known: PhoneLine | None) -> bool:
    """The two fields, filled with what is known, and whether they are to be kept."""
    choices = _choices()
    system = known.system if known and known.system in choices else ""
    st.selectbox(
        _("How is a number dialled?"),
        list(choices),
        index=list(choices).index(system),
        format_func=choices.__getitem__,
        key=SYSTEM,
    )
    st.text_input(
        _("Own line"),
        value=known.line if known else "",
        key=LINE,
        max_chars=40,
        help=_("The number of the telephone on this desk, such as 101. It rings first, and then the company."),
    )
    return st.button(_("Keep"), type="primary", key="keep-line")


def keep_line(user_id: int) -> PhoneLine | None:
    given = {"system": state.value(SYSTEM, ""), "own_line": state.value(LINE, "")}
    return perform(
        _("The telephone is changed."),
        lambda session, actor: set_line(session, actor, user_id, LineInput.model_validate(given)),
    )


def line_in_words(line: PhoneLine | None) -> str:
    """For among the users; empty for who dials with a link."""
    name = (line.system or settings().telephony_default) if line else ""
    label = system_names().get(name, "")
    return f"{label} {line.line}" if line and line.line and label else ""


def may_have_line(user: User) -> bool:
    return bool(settings().telephony) and user.active


def _choices() -> dict[str, str]:
    names = {name: literal(label) for name, label in system_names().items()}
    default = names.get(settings().telephony_default, _("with a link on this computer"))
    return {"": _("As usual here: {how}").format(how=default), **names, BY_LINK: _("With a link on this computer")}
