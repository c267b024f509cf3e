"""The audit log in words."""

from collections.abc import Callable, Mapping
from datetime import datetime
from functools import partial
from typing import Any

from sqlalchemy import Enum

from crm.audit.queries import AuditRow
from crm.calling.models import Priority
from crm.companies.models import SuppressionReason
from crm.core.errors import field_text
from crm.core.i18n import LANGUAGES, N_, _, show_moment
from crm.core.models import Record
from crm.core.types import LabelledEnum
from crm.reference.models import Named
from crm.reference.queries import dispositions, legal_forms, reasons, recall_reasons
from web.components.text import literal

SUBJECTS = {
    "absence": N_("Absence"),
    "app_user": N_("User"),
    "calendar_feed": N_("Address of an agenda"),
    "call": N_("Call"),
    "campaign": N_("Campaign"),
    "call_list": N_("Call list"),
    "call_list_entry": N_("List entry"),
    "candidate": N_("Job seeker"),
    "candidate_outcome": N_("What came of it"),
    "claim": N_("Reservation"),
    "company": N_("Company"),
    "competence_sheet": N_("Competence sheet"),
    "company_number": N_("Phone number"),
    "consent": N_("Consent"),
    "contact": N_("Contact"),
    "follow_up": N_("Follow-up"),
    "follow_up_template": N_("Template of a follow-up"),
    "digest_choice": N_("Morning overview"),
    "notice_choice": N_("How one hears of things"),
    "outbox_message": N_("E-mail"),
    "customer_relation": N_("Customer relation"),
    "hidden_job": N_("Hidden job"),
    "import_batch": N_("Import"),
    "instrument_use": N_("Scheme for a placement"),
    "introduction": N_("Introduction"),
    "letter": N_("Letter"),
    "letter_text": N_("Text of the letter"),
    "mailing": N_("Mailing"),
    "meeting": N_("Meeting"),
    "publication": N_("Published for offers"),
    "recommendation": N_("Recommendation"),
    "referral": N_("Recommendation"),
    "retry_rule": N_("Rule for new attempts"),
    "phone_line": N_("Telephone"),
    "scheduled_job": N_("Background job"),
    "script_version": N_("Script"),
    "self_assessment": N_("What a job seeker told"),
    "service_step": N_("Step with a job seeker"),
    "skipped_company": N_("Skipped company"),
    "success_moment": N_("Moment of success"),
    "suggestion": N_("Suggestion"),
    "suppression": N_("Block"),
    "taken_back_block": N_("Block taken back"),
    "touch": N_("Heard of us"),
    "work_analysis": N_("Work analysis"),
    "work_task": N_("Task in a work analysis"),
}
# The part of an action after the dot; one that is not here is shown as it is.
VERBS = {
    "added": N_("Added"),
    "again": N_("Suggested again"),
    "answered": N_("Answered"),
    "asked": N_("Asked"),
    "assigned": N_("Handed over"),
    "blocked": N_("Blocked"),
    "cancelled": N_("Cancelled"),
    "changed": N_("Changed"),
    "chosen": N_("Chosen"),
    "consent_given": N_("Consent given"),
    "consent_withdrawn": N_("Consent withdrawn"),
    "corrected": N_("Put right"),
    "created": N_("Added"),
    "deactivated": N_("Account closed"),
    "declined": N_("Declined"),
    "done": N_("Done"),
    "doubted": N_("Marked: look whether it is right"),
    "downloaded": N_("List downloaded"),
    "dropped": N_("Dropped"),
    "edited": N_("Changed"),
    "ended": N_("Ended"),
    "erased": N_("Erased"),
    "expired": N_("Expired"),
    "exported": N_("Evidence downloaded"),
    "filled": N_("Demo filled"),
    "finished": N_("Finished"),
    "granted": N_("Granted"),
    "handed_over": N_("Handed over"),
    "held": N_("Took place"),
    "imported": N_("Imported"),
    "language_changed": N_("Language changed"),
    "left": N_("Left as it was"),
    "legal_form": N_("Legal form filled in"),
    "legal_form_checked": N_("Legal form looked up"),
    "letters": N_("Letters made"),
    "link_ended": N_("Link ended"),
    "link_made": N_("Personal link made"),
    "logged": N_("Written down"),
    "made": N_("Added"),
    "meeting": N_("Kopkoffie planned"),
    "members": N_("Callers chosen"),
    "moved": N_("Moved"),
    "number_added": N_("Phone number added"),
    "out_of_service": N_("Number out of service"),
    "outcome": N_("Outcome written down"),
    "parked": N_("Parked"),
    "password_changed": N_("Password changed"),
    "password_reset": N_("New password given"),
    "planned": N_("Planned"),
    "proposed": N_("Introduced"),
    "put_back": N_("Put back on the list"),
    "reactivated": N_("Account opened again"),
    "recorded": N_("Written down"),
    "referred": N_("Recommended"),
    "refused": N_("Refused"),
    "released": N_("Released"),
    "removed": N_("Removed"),
    "reopened": N_("Opened again"),
    "replaced": N_("Replaced"),
    "requested": N_("Asked to run now"),
    "resent": N_("Sent again"),
    "reset": N_("Back to the default"),
    "restored": N_("Put back as it was"),
    "retired": N_("Not used any more"),
    "returned_to": N_("Returned to"),
    "role_changed": N_("Role changed"),
    "running": N_("Still exists"),
    "sent": N_("Posted"),
    "sheet_made": N_("Sheet made"),
    "signed_in": N_("Signed in"),
    "signed_out": N_("Signed out"),
    "skipped": N_("Skipped"),
    "split_off": N_("Split off into a hidden job"),
    "status": N_("Status changed"),
    "stopped": N_("Stopped"),
    "succeeded": N_("Succeeded"),
    "suppressed": N_("Blocked"),
    "taken": N_("Taken over"),
    "taken_over": N_("Taken over from a colleague"),
    "thanked": N_("Thanked"),
    "to_ask": N_("To be asked"),
    "unblocked": N_("Block taken back"),
    "updated": N_("Brought up to date"),
    "withdrawn": N_("Withdrawn"),
    "words_left": N_("Own words left as they were"),
    "words_taken": N_("Own words taken over"),
    "wrong_number": N_("Wrong number"),
}
# Fields with a code of the reference data, of one kind of record or of all.
NAMED: dict[str, Callable[[], Mapping[str, Named]]] = {
    "disposition": dispositions,
    "hidden_job.reason": reasons,
    "legal_form": legal_forms,
    "legal_form_checked": legal_forms,
    "recall_reason": recall_reasons,
}
# What is told with a change but is no column of the record.
CHOICES: dict[str, type[LabelledEnum]] = {"company.reason": SuppressionReason}
LONGEST_VALUE = 160


def audit_table(rows: list[AuditRow]) -> dict[str, list[str]]:
    """Columns for st.table; what people typed is escaped."""
    return {
        _("When"): [show_moment(row.moment) for row in rows],
        _("Who"): [literal(row.person or "Kopkoffie") for row in rows],
        _("What"): [verb_label(row.action) for row in rows],
        _("Record"): [f"{subject_label(row.subject_type)} {row.subject_id}" for row in rows],
        _("Before → after"): ["  \n".join(change_lines(row.subject_type, row.changes)) for row in rows],
    }


def subject_label(subject_type: str) -> str:
    known = SUBJECTS.get(subject_type)
    return _(known) if known else subject_type.replace("_", " ")


def verb_label(action: str) -> str:
    verb = action.rpartition(".")[2]
    return _(VERBS[verb]) if verb in VERBS else literal(verb.replace("_", " ").capitalize())


def change_lines(subject_type: str, changes: dict[str, Any]) -> list[str]:
    """`Role: caller → coach`; of something new only what it became."""
    lines = []
    for name, (before, after) in changes.items():
        shown = partial(_shown, _names_of(subject_type, name))
        value = shown(after) if before is None else f"{shown(before)} → {shown(after)}"
        lines.append(f"**{literal(_(field_text(name)))}** {value}")
    return lines


def _names_of(subject_type: str, field: str) -> dict[str, str]:
    """What each value of this field is called; empty for a field that people fill in themselves."""
    full = f"{subject_type}.{field}"
    named = NAMED.get(field) or NAMED.get(full)
    if named:
        return {code: known.name for code, known in named().items()}
    if field == "language":
        return LANGUAGES
    if field == "priority":
        return {str(priority.value): priority.label for priority in Priority}
    table = Record.metadata.tables.get(subject_type)
    column = table.columns.get(field) if table is not None else None
    members = column.type.enum_class if column is not None and isinstance(column.type, Enum) else CHOICES.get(full)
    return {str(member.value): member.label for member in members or () if isinstance(member, LabelledEnum)}


def _shown(names: dict[str, str], value: object) -> str:
    if value is None or value == "":
        return "–"
    if str(value) in names:
        return literal(names[str(value)])
    if isinstance(value, list):
        return literal(", ".join(map(str, value)))
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    text = str(value)
    try:
        moment = datetime.fromisoformat(text) if len(text) > 18 else None
    except ValueError:
        moment = None
    if moment and moment.tzinfo:
        return show_moment(moment)
    return literal(text if len(text) <= LONGEST_VALUE else text[:LONGEST_VALUE] + "…")
