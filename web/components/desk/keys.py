"""Every key of the desk on one small card."""

import streamlit as st

from crm.core.i18n import _

KEYS = "desk-keys"


def draw_keys() -> None:
    keys = {
        _("1 to 9"): _("choose an answer"),
        "B": _("back one question"),
        "O": _("the other has an objection"),
        "D": _("dial"),
        "N": _("to the notes"),
        "L": _("the other names another company"),
        "S": _("skip this company"),
        "P": _("back to the call that is parked"),
        "Esc": _("out of the field; the keys work again"),
        "Ctrl + Enter": _("save, and the next company"),
        "F2": _("somebody calls us"),
        "G": _("write down a call made elsewhere"),
        "F1": _("this card"),
    }
    st.table({f"**{key}**": words for key, words in keys.items()}, border="horizontal", hide_header=True)
