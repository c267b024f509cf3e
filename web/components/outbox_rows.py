"""E-mails in the outbox: to whom, about what, and why one was not delivered."""

import streamlit as st

from crm.core.i18n import N_, _, ngettext, show_moment
from crm.messaging.outbox import OutboxFilters, OutboxRow, OutboxState, resend, resend_all
from web import state
from web.actions import perform
from web.components.text import literal

AWAY = N_("The mail server cannot be reached.")
BROKEN = N_("The mail server broke off the connection.")
NO_ADDRESS = N_("This is no e-mail address.")
# By the name of the error, which is all that is kept: what a server says repeats the address.
REASONS = {
    "ConnectionRefusedError": AWAY,
    "gaierror": AWAY,
    "OSError": AWAY,
    "TimeoutError": AWAY,
    "SMTPConnectError": AWAY,
    "ConnectionResetError": BROKEN,
    "SMTPServerDisconnected": BROKEN,
    "SMTPAuthenticationError": N_("The mail server refuses our name or password: look at KOPKOFFIE_SMTP_USER."),
    "SMTPNotSupportedError": N_("The mail server cannot do what KOPKOFFIE_SMTP_SECURITY or this address asks."),
    "SSLCertVerificationError": N_("The certificate of the mail server is not trusted."),
    "SSLError": N_("The mail server does not speak TLS here: look at KOPKOFFIE_SMTP_SECURITY."),
    "SMTPSenderRefused": N_("The mail server refuses our sender: look at KOPKOFFIE_MAIL_FROM."),
    "SMTPRecipientsRefused": N_("The mail server refuses this address."),
    "SMTPDataError": N_("The mail server refuses this e-mail."),
    "ValueError": NO_ADDRESS,
    "HeaderParseError": NO_ADDRESS,
}
WHEN = {
    OutboxState.WAITING: N_("Goes out {moment}"),
    OutboxState.GIVEN_UP: N_("Given up {moment}"),
    OutboxState.SENT: N_("Sent {moment}"),
}


def draw_row(row: OutboxRow, where: OutboxState) -> None:
    with st.container(border=True, key=f"mail-{row.id}", horizontal=True, vertical_alignment="center"):
        name = literal(row.name or row.address)
        about = row.kind.label if row.kind else _("Morning overview")
        lines = [f"**{name}** · {literal(about)}", _course(row, where)]
        if row.error:
            lines.append(f":material/warning: {literal(reason(row.error))}")
        st.markdown("  \n".join(lines), width="stretch")
        if where is OutboxState.GIVEN_UP:
            st.button(
                _("Send again"),
                key=f"resend-{row.id}",
                icon=":material/send:",
                on_click=perform,
                args=(_("It goes out within a minute."), resend, row.id),
            )


def draw_send_all(filters: OutboxFilters, total: int) -> None:
    st.button(_("Send all again"), key="resend-all", icon=":material/send:", on_click=_send_all, args=(filters,))
    st.caption(ngettext("{n} e-mail was not delivered.", "{n} e-mails were not delivered.", total).format(n=total))


def reason(error: str) -> str:
    """In words, with the answer of the server: `The mail server refuses this address. (550)`"""
    name, _space, code = error.partition(" ")
    words = _(REASONS[name]) if name in REASONS else name
    return f"{words} ({code})" if code else words


def _course(row: OutboxRow, where: OutboxState) -> str:
    tried = ngettext("tried {n} time", "tried {n} times", row.attempts).format(n=row.attempts) if row.attempts else ""
    parts = [row.address if row.name else "", _(WHEN[where]).format(moment=show_moment(row.moment)), tried]
    return " · ".join(literal(part) for part in parts if part)


def _send_all(filters: OutboxFilters) -> None:
    count = perform("", resend_all, filters)
    if count is not None:
        words = ngettext("{n} e-mail is sent again.", "{n} e-mails are sent again.", count)
        state.tell("success", words.format(n=count))
