"""Left: who is called, whether that is allowed, and what we know."""

from crm.calling.models import CallWay, Priority
from crm.companies.models import Company
from crm.core.clock import now
from crm.core.i18n import _, show_moment
from crm.desk.queries import DeskView
from crm.desk.rules import WhyNow
from crm.desk.rules import why_now as reason
from crm.desk.timeline import Kind
from crm.reference.calendar import DayPart, day_part
from crm.reference.queries import legal_form, sbi
from crm.telephony.numbers import dial_link, show_number
from web.components.companies.texts import size
from web.components.desk.markup import draw
from web.components.why import why_lines, why_question

AT_ONCE = 4  # events of the history that are in sight


def draw_who(view: DeskView) -> None:
    company = view.company
    draw(
        "who.html",
        name=company.name,
        activity=_activity(company),
        place=_place(company),
        allowed=view.verdict.allowed,
        verdict=view.verdict.reason,
        why=why_lines(view.verdict, view.evidence),
        warnings=view.verdict.warnings,
        hint=_rings(view) or _recommended(view),
        numbers=_numbers(view),
        by_system=view.by_system,
        facts=_facts(view),
        history=_history(view),
        at_once=AT_ONCE,
        more=view.history.more,
        words={
            "dial": _("Dial"),
            "or": _("or"),
            "why": why_question(view.verdict),
            "history": _("What happened before"),
            "never": _("Never called before."),
            "all": _("Show more"),
            "older": _("What is older is on the card of the company."),
        },
    )


def _numbers(view: DeskView) -> list[dict[str, str]]:
    """The number of this call first; without links when nobody may be called."""
    own = view.number
    if own is None:
        return []
    found = [own.e164, *(number.e164 for number in view.reach.numbers if number is not own)]
    if not view.verdict.allowed:
        return [{"text": show_number(own.e164), "link": "", "e164": own.e164}]
    return [{"text": show_number(e164), "link": dial_link(e164), "e164": e164} for e164 in found]


def _rings(view: DeskView) -> str:
    if view.talk.call.way is not CallWay.INCOMING:
        return ""
    if view.verdict.allowed:
        return _("They call you. Ask first what it is about.")
    return _(
        "They call you: you may always answer. Do not look for work in this call, and do not call them afterwards."
    )


def _recommended(view: DeskView) -> str:
    """A good opening; a name is only there when the one who recommended agreed to it."""
    named = view.introducer
    if named is None:
        return ""
    if named.by_job_seeker:
        return _("A tip from {name}").format(name=named.contact) if named.contact else _("A tip from a job seeker")
    if not named.contact:
        return _("You call on the recommendation of {company}").format(company=named.company)
    words = _("You call on the recommendation of {contact}, {company}")
    return words.format(contact=named.contact, company=named.company)


def why_now(view: DeskView) -> str:
    call = view.talk.call
    if call.way is CallWay.INCOMING:
        return _("This company calls you.")
    why = reason(view.callback, caller_id=call.caller_id, on_list=bool(view.list_name), attempts=view.attempts)
    if view.callback:
        promise = _promise(why).format(moment=show_moment(view.callback.due_at), name=view.promised_by)
        return _aside(promise, view.callback.note)
    if why is WhyNow.RETRY:
        return f"{_which_attempt(view.attempts + 1)}, {_part_of_day(day_part(now()))} · {view.list_name}"
    if why is WhyNow.FRESH:
        first = _("the list with high priority") if view.priority is Priority.HIGH else ""
        hour = _("{trade} often answer now").format(trade=view.good_hour_for) if view.good_hour_for else ""
        return _aside(_("New · {list}").format(list=view.list_name), first, hour)
    return _("You chose this company yourself.")


def _promise(why: WhyNow) -> str:
    return {
        WhyNow.AGREED: _("You agreed to call back: {moment}"),
        WhyNow.FOR_COLLEAGUE: _("{name} agreed to call back: {moment}"),
        WhyNow.FOR_TEAM: _("The team agreed to call back: {moment}"),
        WhyNow.PLANNED: _("Call again: {moment}"),
    }[why]


def _which_attempt(n: int) -> str:
    words = {2: _("Second attempt"), 3: _("Third attempt")}
    return words.get(n) or _("Attempt {n}").format(n=n)


def _part_of_day(part: DayPart) -> str:
    return {
        DayPart.MORNING: _("now in the morning"),
        DayPart.EARLY_AFTERNOON: _("now early in the afternoon"),
        DayPart.AFTERNOON: _("now in the afternoon"),
        DayPart.EVENING: _("now in the evening"),
    }[part]


def _activity(company: Company) -> str:
    """What they do in plain words; the name of the trade when nobody wrote that down."""
    trade = sbi(company.sbi_code)
    return company.activity or (trade.name if trade else "")


def _place(company: Company) -> str:
    parts = [company.town, size(company), legal_form(company.legal_form).name]
    return " · ".join(part for part in parts if part)


def _facts(view: DeskView) -> list[dict[str, object]]:
    facts = [
        (
            _("Contacts"),
            [(contact.name, _aside(contact.function, contact.best_time)) for contact in view.reach.contacts],
        ),
    ]
    return [
        {"label": label, "lines": [{"text": text, "aside": aside} for text, aside in lines]}
        for label, lines in facts
        if lines
    ]


def _aside(*parts: str) -> str:
    return " · ".join(part for part in parts if part)


def _history(view: DeskView) -> list[dict[str, str]]:
    """Without the callback this call is for, which stands above."""
    own = view.callback.id if view.callback else None
    shown = [event for event in view.history.events if event.kind is not Kind.FOLLOW_UP or event.record_id != own]
    return [
        {
            "what": event.what,
            "when": event.when,
            "planned": _("Planned") if event.planned else "",
            "aside": _aside(event.how, event.who, event.first_line),
        }
        for event in shown
    ]
