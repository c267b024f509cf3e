"""Filling an empty database with the demo: the same every time, as seen from today."""

from random import Random

from sqlmodel import Session, select

from crm.access.actor import SYSTEM
from crm.access.models import User
from crm.access.permissions import Role
from crm.audit.services import record
from crm.calling.models import CallList, CallListEntry, CallListMember
from crm.companies.models import Company, CompanyNumber, Suppression
from crm.core.db import transaction
from crm.core.errors import CrmError
from crm.core.i18n import _
from crm.demo.analyses import analyse_work
from crm.demo.businesses import Trade, add_businesses
from crm.demo.conversations import Desk, call_for_three_weeks
from crm.demo.guidance import guide_people
from crm.demo.intakes import add_intakes, add_self_assessments
from crm.demo.introductions import move_jobs_along
from crm.demo.moments import live_through_more
from crm.demo.outreach import reach_companies
from crm.demo.people import add_candidates, add_staff
from crm.demo.script_paths import ways_through
from crm.reference.models import ColdCall
from crm.reference.queries import legal_form
from crm.reference.trades import trade_group
from crm.scripts.queries import latest_versions, script
from crm.scripts.services import load_scripts

SEED = 1953

LISTS = {
    "Winkels, horeca en verzorging": ("10", "47", "56", "86", "88", "96"),
    "Bouw en techniek Drechtsteden": ("25", "32", "33", "41", "43", "95"),
    "Groen, vervoer en diensten": ("01", "46", "49", "53", "69", "81"),
}


class NotEmpty(CrmError):
    def __init__(self) -> None:
        super().__init__(_("There are users in this database already. The demo only fills an empty one."))


def build_demo() -> None:
    """Fill the database in one transaction. Raises NotEmpty when somebody uses it already."""
    with transaction() as session:
        if session.exec(select(User).limit(1)).first():
            raise NotEmpty
        load_scripts(session)
        _fill(session, Random(SEED))  # noqa: S311  an invented world needs to be the same, not unpredictable


def _fill(session: Session, random: Random) -> None:
    staff = add_staff(session)
    coordinator = next(user for user in staff if user.role is Role.COORDINATOR)
    coach = next(user for user in staff if user.role is Role.COACH)
    businesses = add_businesses(session, random, coordinator)
    candidates = add_candidates(session, random, coach)
    add_intakes(session, candidates, coach)
    add_self_assessments(session, candidates, coach)
    desk = _desk(session, random, staff, businesses)
    _fill_lists(desk, coordinator)
    call_for_three_weeks(desk)
    move_jobs_along(desk, coach, candidates)
    reach_companies(desk, coordinator)
    analyse_work(desk, coach)
    live_through_more(desk, coordinator)
    guide_people(session, coach)
    record(session, SYSTEM, "demo.filled", coordinator, companies=len(businesses), candidates=len(candidates))


def _desk(session: Session, random: Random, staff: list[User], businesses: list[tuple[Company, Trade]]) -> Desk:
    version = latest_versions(session)[0]
    numbers = session.exec(select(CompanyNumber)).all()
    return Desk(
        session=session,
        random=random,
        script_version_id=version.id,
        ways=ways_through(script(session, version.id)),
        callers=[user for user in staff if user.role is Role.CALLER],
        businesses={company.id: (company, trade) for company, trade in businesses},
        numbers={number.company_id: number for number in numbers},
    )


def _fill_lists(desk: Desk, coordinator: User) -> None:
    """Three lists as a coordinator would make them: only companies that may be called."""
    blocked = set(desk.session.exec(select(Suppression.company_id)).all())
    callable_ones = [
        company
        for company, _trade in desk.businesses.values()
        if company.id not in blocked and legal_form(company.legal_form).cold_call is ColdCall.ALLOWED
    ]
    before_the_first_call = min(company.created_at for company in callable_ones)
    for name, divisions in LISTS.items():
        made = CallList(
            name=name,
            script_version_id=desk.script_version_id,
            made_by_id=coordinator.id,
            created_at=before_the_first_call,
        )
        desk.session.add(made)
        desk.session.flush()
        desk.session.add_all(CallListMember(list_id=made.id, user_id=caller.id) for caller in desk.callers)
        desk.entries |= {
            company.id: CallListEntry(
                list_id=made.id,
                company_id=company.id,
                due_at=company.created_at,
                lane=trade_group(company.sbi_code),
            )
            for company in callable_ones
            if (company.sbi_code or "")[:2] in divisions
        }
    desk.session.add_all(desk.entries.values())
    desk.session.flush()
