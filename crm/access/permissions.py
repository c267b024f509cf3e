"""Who may do what, on one screen."""

from enum import StrEnum, auto

from crm.core.i18n import N_
from crm.core.types import LabelledEnum


class Role(LabelledEnum):
    CALLER = "caller", N_("Caller")
    COORDINATOR = "coordinator", N_("Coordinator")
    COACH = "coach", N_("Job coach")
    VIEWER = "viewer", N_("Viewer")
    ADMIN = "admin", N_("Administrator")


class Permission(StrEnum):
    COMPANY_VIEW = auto()
    COMPANY_EDIT = auto()
    COMPANY_IMPORT = auto()
    COMPANY_BLOCK = auto()
    LIST_VIEW = auto()
    LIST_MANAGE = auto()
    CALL_MAKE = auto()
    FOLLOWUP_OWN = auto()
    FOLLOWUP_TEAM = auto()
    JOB_VIEW = auto()
    JOB_EDIT = auto()
    JOB_MOVE = auto()
    CANDIDATE_VIEW = auto()
    CANDIDATE_EDIT = auto()
    INTRODUCE = auto()
    MEETING_PLAN = auto()
    LETTER_SEND = auto()
    PRIVACY_MANAGE = auto()
    REPORT_VIEW = auto()
    USER_MANAGE = auto()
    OUTBOX_MANAGE = auto()
    AUDIT_VIEW = auto()
    SYSTEM_MANAGE = auto()


_P = Permission
_CALLER = {_P.COMPANY_VIEW, _P.COMPANY_EDIT, _P.COMPANY_BLOCK, _P.CALL_MAKE, _P.FOLLOWUP_OWN, _P.JOB_VIEW, _P.JOB_EDIT}
_COACH = {
    _P.COMPANY_VIEW, _P.COMPANY_EDIT, _P.COMPANY_BLOCK, _P.FOLLOWUP_OWN, _P.JOB_VIEW, _P.JOB_EDIT, _P.JOB_MOVE,
    _P.CANDIDATE_VIEW, _P.CANDIDATE_EDIT, _P.INTRODUCE, _P.MEETING_PLAN, _P.REPORT_VIEW,
}  # fmt: skip
_COORDINATOR = _CALLER | _COACH | {
    _P.COMPANY_IMPORT, _P.LIST_VIEW, _P.LIST_MANAGE, _P.FOLLOWUP_TEAM, _P.LETTER_SEND,
    _P.PRIVACY_MANAGE,
}  # fmt: skip

ALLOWED: dict[Role, frozenset[Permission]] = {
    Role.CALLER: frozenset(_CALLER),
    Role.COORDINATOR: frozenset(_COORDINATOR),
    Role.COACH: frozenset(_COACH),
    Role.VIEWER: frozenset({_P.REPORT_VIEW, _P.JOB_VIEW}),  # without COMPANY_VIEW a job has no name of an employer
    Role.ADMIN: frozenset(_COORDINATOR | {_P.USER_MANAGE, _P.OUTBOX_MANAGE, _P.AUDIT_VIEW, _P.SYSTEM_MANAGE}),
}


def roles_that_may(permission: Permission) -> list[Role]:
    return [role for role, allowed in ALLOWED.items() if permission in allowed]
