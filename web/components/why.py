"""Why somebody may or may not be called: the rule, and the evidence it rests on."""

from crm.companies.law import rule_of
from crm.companies.models import Consent, CustomerRelation, Publication, Suppression, TakenBackBlock
from crm.companies.queries import EvidenceRow
from crm.companies.rules import Verdict
from crm.core.clock import local
from crm.core.i18n import _, show_date, show_moment


def why_question(verdict: Verdict) -> str:
    return _("Why is this allowed?") if verdict.allowed else _("Why is this not allowed?")


def why_lines(verdict: Verdict, evidence: EvidenceRow | None) -> list[str]:
    """Plain text, a sentence a line. Without a rule of law one of our own decided, which says it all by itself."""
    rule = rule_of(verdict.rule)
    lines = [rule.explanation, _("Source: {source}.").format(source=rule.source)] if rule else []
    return [*lines, *_evidence(verdict, evidence), _("Rule: {code}").format(code=verdict.rule)]


def _evidence(verdict: Verdict, row: EvidenceRow | None) -> list[str]:
    match row:
        case Consent():
            return [consent_line(row), f"“{row.text}”"]
        case Publication():
            return [publication_line(row), f"“{row.text}”"]
        case CustomerRelation():
            return [relation_line(row)]
        case Suppression():
            return [block_line(row)]
    return [f"{verdict.evidence.kind.label} {verdict.evidence.id}."] if verdict.evidence else []


def consent_line(consent: Consent) -> str:
    return _("Given by {name} on {day}, {channel}; checked: {how}").format(
        name=consent.given_by,
        day=show_moment(consent.given_at),
        channel=consent.channel.label,
        how=consent.verified_how or _("not known"),
    )


def publication_line(publication: Publication) -> str:
    return _("Seen on {day} at {address}").format(
        day=show_date(local(publication.seen_at).date()), address=publication.url
    )


def relation_line(relation: CustomerRelation) -> str:
    period = _("since {day}").format(day=show_date(relation.since))
    if relation.until:
        period = _("from {first} up to and including {last}").format(
            first=show_date(relation.since), last=show_date(relation.until)
        )
    return _("{what}, {period}; known from: {how}").format(what=relation.what, period=period, how=relation.how_known)


def block_line(block: Suppression) -> str:
    note = f" ({block.note})" if block.note else ""
    since = _("since {moment}").format(moment=show_moment(block.created_at))
    return f"{block.reason.label}{note}, {since}"


def taken_back_line(block: TakenBackBlock) -> str:
    """`Taken back Tue 24 Nov 10:00: the wrong bakery`"""
    return _("Taken back {moment}: {why}").format(moment=show_moment(block.created_at), why=block.why)
