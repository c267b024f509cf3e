"""The audit log in words."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from crm.access.permissions import Role
from crm.audit.queries import AuditRow
from crm.calling.models import Priority
from crm.core.errors import field_text
from crm.core.i18n import LANGUAGES, N_, _, show_moment
from crm.core.types import LabelledEnum
from crm.outreach.models import Answer
from crm.pipeline.models import Stage
from crm.reference.models import Reached
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
    "claim": N_("Reservation"),
    "company": N_("Company"),
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
    "introduction": N_("Introduction"),
    "letter": N_("Letter"),
    "letter_text": N_("Text of the letter"),
    "mailing": N_("Mailing"),
    "meeting": N_("Meeting"),
    "publication": N_("Published for offers"),
    "retry_rule": N_("Rule for new attempts"),
    "phone_line": N_("Telephone"),
    "scheduled_job": N_("Background job"),
    "script_version": N_("Script"),
    "skipped_company": N_("Skipped company"),
    "suppression": N_("Block"),
    "taken_back_block": N_("Block taken back"),
    "touch": N_("Heard of us"),
}
# The part of an action after the dot; one that is not here is shown as it is.
VERBS = {
    "added": N_("Added"),
    "answered": N_("Answered"),
    "assigned": N_("Handed over"),
    "blocked": N_("Blocked"),
    "cancelled": N_("Cancelled"),
    "changed": N_("Changed"),
    "consent_given": N_("Consent given"),
    "corrected": N_("Put right"),
    "doubted": N_("Marked: look whether it is right"),
    "restored": N_("Put back as it was"),
    "unblocked": N_("Block taken back"),
    "consent_withdrawn": N_("Consent withdrawn"),
    "created": N_("Added"),
    "deactivated": N_("Account closed"),
    "declined": N_("Declined"),
    "done": N_("Done"),
    "dropped": N_("Dropped"),
    "edited": N_("Changed"),
    "ended": N_("Ended"),
    "erased": N_("Erased"),
    "expired": N_("Expired"),
    "exported": N_("Evidence downloaded"),
    "filled": N_("Demo filled"),
    "finished": N_("Finished"),
    "handed_over": N_("Handed over"),
    "held": N_("Took place"),
    "imported": N_("Imported"),
    "language_changed": N_("Language changed"),
    "legal_form": N_("Legal form filled in"),
    "legal_form_checked": N_("Legal form looked up"),
    "letters": N_("Letters made"),
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
    "resent": N_("Sent again"),
    "released": N_("Released"),
    "requested": N_("Asked to run now"),
    "reset": N_("Back to the default"),
    "removed": N_("Removed"),
    "reopened": N_("Opened again"),
    "replaced": N_("Replaced"),
    "retired": N_("Not used any more"),
    "returned_to": N_("Returned to"),
    "role_changed": N_("Role changed"),
    "running": N_("Still exists"),
    "sent": N_("Posted"),
    "signed_in": N_("Signed in"),
    "signed_out": N_("Signed out"),
    "skipped": N_("Skipped"),
    "status": N_("Status changed"),
    "stopped": N_("Stopped"),
    "succeeded": N_("Succeeded"),
    "suppressed": N_("Blocked"),
    "taken_over": N_("Taken over from a colleague"),
    "updated": N_("Brought up to date"),
    "withdrawn": N_("Withdrawn"),
    "wrong_number": N_("Wrong number"),
}
ENUMS: dict[str, Callable[[str], LabelledEnum | Priority]] = {
    "reached": Reached,
    "role": Role,
    "stage": Stage,
    "answer": Answer,
    "priority": lambda value: Priority(int(value)),
}
LONGEST_VALUE = 160


def audit_table(rows: list[AuditRow]) -> dict[str, list[str]]:
    """Columns for st.table; what people typed is escaped."""
    return {
        _("When"): [show_moment(row.moment) for row in rows],
        _("Who"): [literal(row.person or "Kopkoffie") for row in rows],
        _("What"): [verb_label(row.action) for row in rows],
        _("Record"): [f"{subject_label(row.subject_type)} {row.subject_id}" for row in rows],
        _("Before → after"): ["  \n".join(change_lines(row.changes)) for row in rows],
    }


def subject_label(subject_type: str) -> str:
    known = SUBJECTS.get(subject_type)
    return _(known) if known else subject_type.replace("_", " ")


def verb_label(action: str) -> str:
    verb = action.rpartition(".")[2]
    return _(VERBS[verb]) if verb in VERBS else literal(verb.replace("_", " ").capitalize())


def change_lines(changes: dict[str, Any]) -> list[str]:
    """`Role: caller → coach`; of something new only what it became."""
    lines = []
    for name, (before, after) in changes.items():
        value = _shown(name, after) if before is None else f"{_shown(name, before)} → {_shown(name, after)}"
        lines.append(f"**{literal(_(field_text(name)))}** {value}")
    return lines


def _shown(name: str, value: object) -> str:
    if value is None or value == "":
        return "–"
    if name in ENUMS:
        return ENUMS[name](str(value)).label
    if name == "language":
        return LANGUAGES.get(str(value), str(value))
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
