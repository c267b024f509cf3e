"""The catalogue of schemes on the screen: what each is, who decides, and whether that is still so."""

from collections.abc import Sequence
from datetime import date

import streamlit as st

from crm.core.clock import today
from crm.core.i18n import _, show_date
from crm.reference.instruments import Instrument, for_employer
from web.components.text import literal


def draw_catalogue(found: Sequence[Instrument]) -> None:
    for one in found:
        with st.container(border=True, gap="xsmall", key=f"instrument-{one.code}"):
            with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
                st.markdown(f"**{literal(one.name)}**", width="content")
                with st.container(horizontal=True, width="content"):
                    st.badge(one.kind.label, color="gray")
                    draw_state(one)
            draw_facts(one)
            if not one.has_ended:
                draw_copy(_("Text for the employer"), for_employer(one, today()), f"copy-{one.code}")


def draw_state(one: Instrument) -> None:
    if one.has_ended:
        st.badge(one.status.label, icon=":material/block:", color="red")
    elif one.is_old(today()):
        st.badge(_("Check first"), icon=":material/warning:", color="orange")
    else:
        st.badge(one.status.label, icon=":material/check:", color="green")


def draw_facts(one: Instrument) -> None:
    for warning in _warnings(one):
        st.markdown(f":orange[:material/priority_high: {literal(warning)}]")
    st.text(one.what)
    known = [
        (_("Who applies"), one.applies),
        (_("Who decides"), one.decides),
        (_("What the employer does"), one.duties),
    ]
    st.markdown("  \n".join(f"**{label}:** {literal(text)}" for label, text in known if text))
    checked = _("As of {day}").format(day=show_date(one.as_of)) if one.as_of else _("Not checked")
    source = _("source: {source}").format(source=one.source)
    st.caption(literal(" · ".join((checked, source, one.certainty.label))))


def _warnings(one: Instrument) -> list[str]:
    if one.has_ended:
        return [_ended(one.since)]
    warnings = []
    if one.is_old(today()):
        warnings.append(_("These facts are old or were never checked. Ask who decides before you name it."))
    if one.about_health:
        warnings.append(_("Says something about health: we do not write down for whom it is asked."))
    return warnings


def _ended(since: date | None) -> str:
    if since is None:
        return _("This does not exist any more. Do not name it.")
    return _("This does not exist any more since {day}. Do not name it.").format(day=show_date(since))


def draw_copy(label: str, text: str, key: str) -> None:
    """A text with a button that copies it, for an e-mail or a letter."""
    with st.popover(label, icon=":material/content_copy:", key=key):
        st.code(text, language=None, wrap_lines=True)
