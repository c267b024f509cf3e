"""The table of who may do what, written out once more on purpose: a change shows up in a review."""

import pytest

from crm.access.actor import SYSTEM, Actor
from crm.access.permissions import ALLOWED, Permission, Role
from crm.core.errors import NotAllowed

P = Permission
TABLE = {
    P.COMPANY_VIEW: "caller coordinator coach admin",
    P.COMPANY_EDIT: "caller coordinator coach admin",
    P.COMPANY_IMPORT: "coordinator admin",
    P.COMPANY_BLOCK: "caller coordinator coach admin",
    P.LIST_VIEW: "coordinator admin",
    P.LIST_MANAGE: "coordinator admin",
    P.CALL_MAKE: "caller coordinator admin",
    P.FOLLOWUP_OWN: "caller coordinator coach admin",
    P.FOLLOWUP_TEAM: "coordinator admin",
    P.JOB_VIEW: "caller coordinator coach viewer admin",
    P.JOB_EDIT: "caller coordinator coach admin",
    P.JOB_MOVE: "coordinator coach admin",
    P.CANDIDATE_VIEW: "coordinator coach admin",
    P.CANDIDATE_EDIT: "coordinator coach admin",
    P.INTRODUCE: "coordinator coach admin",
    P.MEETING_PLAN: "coordinator coach admin",
    P.LETTER_SEND: "coordinator admin",
    P.PRIVACY_MANAGE: "coordinator admin",
    P.REPORT_VIEW: "coordinator coach viewer admin",
    P.USER_MANAGE: "admin",
    P.OUTBOX_MANAGE: "admin",
    P.AUDIT_VIEW: "admin",
    P.SYSTEM_MANAGE: "admin",
}


@pytest.mark.parametrize("permission", list(Permission))
def test_each_permission_belongs_to_exactly_these_roles(permission):
    assert {role.value for role in Role if permission in ALLOWED[role]} == set(TABLE[permission].split())


def test_a_viewer_sees_numbers_and_work_without_names_and_nothing_else():
    assert ALLOWED[Role.VIEWER] == {P.REPORT_VIEW, P.JOB_VIEW}


def test_an_actor_is_refused_what_the_role_does_not_have():
    with pytest.raises(NotAllowed):
        Actor(1, "Kijker", Role.VIEWER).require(P.COMPANY_VIEW)


def test_the_system_owns_no_work():
    with pytest.raises(NotAllowed):
        _ = SYSTEM.user_id
