"""What somebody wants to hear of, and how: chosen on the account page, kept at once."""

import streamlit as st

from crm.core.db import reading
from crm.core.i18n import _
from crm.core.settings import settings
from crm.messaging.inputs import ChoiceInput, DigestInput
from crm.messaging.models import Channel, DigestChoice, NoticeKind
from crm.messaging.queries import choices, digest_choice
from crm.messaging.rules import EARLIEST, LATEST
from crm.messaging.services import choose_channels, choose_digest
from web import state
from web.actions import perform
from web.session import current_actor

WANTED, AT = "digest-wanted", "digest-at"
QUARTERS = (0, 15, 30, 45)


def draw_notice_choices() -> None:
    actor = current_actor()
    with reading() as session:
        chosen, digest = choices(session, actor), digest_choice(session, actor)
    if not chosen:
        return
    st.subheader(_("What you want to hear of"), anchor=False)
    if not settings().smtp_host:
        st.text(_("This desk sends no e-mail: everything is shown in the app."))
        return
    draw_digest_choice(digest)
    for kind, channels in chosen.items():
        st.pills(
            kind.label,
            list(Channel),
            selection_mode="multi",
            default=[channel for channel in Channel if channel in channels],
            format_func=lambda channel: channel.label,
            key=_key(kind),
            on_change=_choose,
            args=(kind,),
        )


def draw_digest_choice(known: DigestChoice) -> None:
    st.toggle(
        _("An overview by e-mail every working morning"), value=known.wanted, key=WANTED, on_change=_choose_digest
    )
    times = [f"{hour:02}:{minute:02}" for hour in range(EARLIEST.hour, LATEST.hour) for minute in QUARTERS]
    st.selectbox(
        _("At what time"),
        times,
        index=times.index(known.at) if known.at in times else None,
        key=AT,
        on_change=_choose_digest,
        disabled=not known.wanted,
        width=160,
    )
    if known.wanted:
        about = _(
            "What is promised for today, what is late, and the news you chose. With nothing to say, no e-mail comes."
        )
    else:
        about = _("Without the overview, news you chose for it is shown in the app.")
    st.caption(about)


def _key(kind: NoticeKind) -> str:
    return f"channels-{kind.value}"


def _choose(kind: NoticeKind) -> None:
    given = ChoiceInput(kind=kind, channels=frozenset(state.value(_key(kind), [])))
    perform(_("Your choice is kept."), choose_channels, given)


def _choose_digest() -> None:
    given = {"wanted": state.value(WANTED), "at": state.value(AT)}
    perform(
        _("Your choice is kept."),
        lambda session, actor: choose_digest(session, actor, DigestInput.model_validate(given)),
    )
