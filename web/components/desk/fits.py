"""Which of our people fit, on blind cards; drawn after everything else, as the caller does not wait for it."""

from collections.abc import Iterator

import streamlit as st

from crm.access.actor import Actor
from crm.access.permissions import Permission
from crm.core.db import reading
from crm.core.i18n import _
from crm.desk.fitting import Fits, fits
from crm.desk.queries import Talk, talk
from crm.matching.blind import BlindCard
from web.components.desk.markup import draw
from web.components.pipeline.form import day_label
from web.components.pipeline.suggested import note_in_call

FITS = "fits"


@st.fragment(key=FITS)
def draw_fits(actor: Actor, fresh: Iterator[Talk]) -> None:
    """Text that saves itself draws this again by its key. Then `fresh`, what the page has just read, is empty."""
    with reading() as session:
        here = next(fresh, None) or talk(session, actor)
        found = fits(session, actor, here) if here else None
    with st.container(key=FITS):
        if found:
            _draw(actor, found)
    if here and found:
        note_in_call(actor, here.call.id, found.shown)


def _draw(actor: Actor, found: Fits) -> None:
    draw(
        "fits.html",
        cards=[_shown(actor, card) for card in found.cards],
        hint=_hint(found),
        words={"title": _("Who of our people fits?"), "look": _("Look at this job seeker")},
    )


def _shown(actor: Actor, card: BlindCard) -> dict[str, object]:
    return {
        "good_at": " · ".join(card.good_at),
        "free": _free(card),
        "reasons": _reasons(card),
        "link": f"/candidates?candidate={card.candidate_id}" if actor.may(Permission.CANDIDATE_VIEW) else "",
    }


def _free(card: BlindCard) -> str:
    least, most = card.hours
    hours = _("{least} to {most} hours a week").format(least=least, most=most)
    away = _("{km} km away").format(km=card.km) if card.km is not None else ""
    return " · ".join(part for part in (hours, " ".join(map(day_label, card.days)), away) if part)


def _reasons(card: BlindCard) -> list[str]:
    if not card.fits_too:
        return card.why
    return [*card.why, _("Fits too: {names}.").format(names=", ".join(card.fits_too).lower())]


def _hint(found: Fits) -> str:
    """What is missing: nobody is looked for, nobody was found, or it could be more exact."""
    missing = ", ".join(found.unsaid)
    if found.too_little:
        return _("Name tasks or competences: then we look who could do this.")
    if not found.cards:
        nobody = _("Nobody fits yet.")
        more = _("Name more: {missing}.").format(missing=missing) if missing else _("A job coach looks further.")
        return f"{nobody} {more}"
    return _("Ask this too, then it fits better: {missing}.").format(missing=missing) if missing else ""
