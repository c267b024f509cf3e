"""Two people edit the same thing: nobody overwrites silently, both versions are shown."""

import pytest
from sqlmodel import Session, select

from crm.access.permissions import Role
from crm.calling.inputs import ListInput, ListSettings, RetryInput
from crm.calling.lists import change_list, make_list, set_members
from crm.calling.models import CallList, CallListMember, Priority, RetryRule
from crm.calling.retries import reset_retry, set_retry
from crm.companies.inputs import CompanyInput, ContactInput
from crm.companies.models import Company, Contact
from crm.companies.services import change_company, edit_contact
from crm.core.db import reading, transaction
from crm.pipeline.inputs import HiddenJobInput
from crm.pipeline.models import HiddenJob
from crm.pipeline.services import edit_job
from crm.scripts.queries import latest_versions
from crm.scripts.services import load_scripts
from tests.conftest import add_user, make_company, make_job
from tests.pages.reading import texts

pytestmark = pytest.mark.usefixtures("tuesday")


@pytest.fixture
def colleague(sqlite_database):
    with transaction() as session:
        return add_user(session, Role.COORDINATOR, name="Fatima Amrani")


def stored(model, record_id):
    with reading() as session:
        return session.get_one(model, record_id)


class TestCompany:
    @pytest.fixture
    def conflict(self, visit, add_person, colleague):
        """Both changed the town; the colleague also the website, and was first."""
        with transaction() as session:
            company = make_company(session, name="Bakkerij Zus", town="Dordrecht")
        screen = visit("companies", add_person(Role.CALLER), company=str(company.id))
        screen.button(key="edit-company").click().run()
        with transaction() as session:
            fields = {name: getattr(company, name) for name in CompanyInput.model_fields}
            fields |= {"town": "Zwijndrecht", "website": "zus.nl"}
            change_company(session, colleague, company.id, CompanyInput(**fields), version=company.version)
        screen.text_input(key=f"company-{company.id}-town").set_value("Papendrecht")
        screen.button(key="save-company").click().run()
        assert not screen.exception
        return screen, company.id

    def test_shows_both_with_name_and_time_and_loses_nothing(self, conflict):
        screen, company_id = conflict
        assert stored(Company, company_id).town == "Zwijndrecht"
        assert screen.text_input(key=f"company-{company_id}-town").value == "Papendrecht"
        assert "Fatima Amrani changed this" in texts(screen)
        assert "Mine: Papendrecht" in texts(screen)
        assert r"Fatima Amrani: Zwijndrecht" in texts(screen)

    def test_saving_again_without_choosing_is_refused(self, conflict):
        screen, company_id = conflict
        screen.button(key="save-company").click().run()
        assert stored(Company, company_id).town == "Zwijndrecht"

    def test_one_field_of_the_colleague_and_the_rest_of_mine(self, conflict):
        screen, company_id = conflict
        screen.button(key=f"take-company-{company_id}-website").click().run()
        screen.button(key="keep-mine").click().run()
        screen.button(key="save-company").click().run()
        saved = stored(Company, company_id)
        assert saved.town == "Papendrecht"
        assert saved.website.endswith("zus.nl")

    def test_all_of_the_colleague(self, conflict):
        screen, company_id = conflict
        screen.button(key="take-theirs").click().run()
        screen.button(key="save-company").click().run()
        saved = stored(Company, company_id)
        assert saved.town == "Zwijndrecht"
        assert saved.website.endswith("zus.nl")


def test_a_hidden_job(visit, add_person, colleague):
    with transaction() as session:
        job = make_job(session, title="Administratie")
    screen = visit("pipeline", add_person(Role.COACH), job=str(job.id))
    screen.button(key="edit-job").click().run()
    given = HiddenJobInput(title="Boekhouding", reason=job.reason, days=["wo"])
    with transaction() as session:
        edit_job(session, colleague, job.id, given, version=job.version)
    screen.text_input(key=f"job-{job.id}-title").set_value("Facturen")
    screen.button(key="save-job").click().run()
    assert not screen.exception
    assert "Mine: Facturen" in texts(screen)
    assert "Fatima Amrani: Boekhouding" in texts(screen)
    screen.button(key=f"take-job-{job.id}-days").click().run()
    screen.button(key="keep-mine").click().run()
    screen.button(key="save-job").click().run()
    saved = stored(HiddenJob, job.id)
    assert (saved.title, saved.days) == ("Facturen", ["wo"])


def test_a_contact(visit, add_person, colleague):
    def change(session: Session, name: str, version: int) -> None:
        edit_contact(session, colleague, contact.id, ContactInput(name=name), version=version)

    with transaction() as session:
        contact = Contact(company_id=make_company(session).id, name="Jan")
        session.add(contact)
    screen = visit("companies", add_person(Role.CALLER), company=str(contact.company_id))
    screen.button(key=f"edit-{contact.id}").click().run()
    with transaction() as session:
        change(session, "Jan de Wit", contact.version)
    screen.text_input(key=f"contact-{contact.id}-name").set_value("Jan Wit")
    screen.button(key="save-contact").click().run()
    assert not screen.exception
    assert stored(Contact, contact.id).name == "Jan de Wit"
    assert "Mine: Jan Wit" in texts(screen)
    screen.button(key="keep-mine").click().run()
    screen.button(key="save-contact").click().run()
    assert stored(Contact, contact.id).name == "Jan Wit"


class TestCallList:
    @pytest.fixture
    def person(self, add_person):
        return add_person(Role.COORDINATOR)

    @pytest.fixture
    def made(self, person, colleague):
        with transaction() as session:
            load_scripts(session)
            make_company(session)
            new = ListInput(name="Bakkers", script_version_id=latest_versions(session)[0].id)
            return make_list(session, person, new)

    def open_dialog(self, visit, person, key):
        screen = visit("call_lists", person)
        screen.button(key=key).click().run()
        assert not screen.exception
        return screen

    def test_settings(self, visit, person, colleague, made):
        screen = self.open_dialog(visit, person, f"settings-{made.id}")
        theirs = ListSettings(priority=Priority.HIGH, daily_capacity=40)
        with transaction() as session:
            change_list(session, colleague, made.id, theirs, version=made.version)
        screen.number_input(key=f"capacity-{made.id}").set_value(25)
        screen.button(key="save-settings").click().run()
        assert stored(CallList, made.id).daily_capacity == 40
        assert "Fatima Amrani changed this" in texts(screen)
        assert "Mine: 25" in texts(screen)
        assert "Fatima Amrani: 40" in texts(screen)
        assert "Fatima Amrani: High" in texts(screen)
        screen.button(key=f"take-priority-{made.id}").click().run()
        screen.button(key="keep-mine").click().run()
        screen.button(key="save-settings").click().run()
        assert not screen.exception
        saved = stored(CallList, made.id)
        assert (saved.priority, saved.daily_capacity) == (Priority.HIGH.value, 25)

    def test_callers(self, visit, person, colleague, made):
        with transaction() as session:
            anja, henk = (add_user(session, Role.CALLER, name=name) for name in ("Anja", "Henk"))
        screen = self.open_dialog(visit, person, f"callers-{made.id}")
        with transaction() as session:
            set_members(session, colleague, made.id, [anja.user_id], version=made.version)
        screen.multiselect(key=f"members-{made.id}").set_value([henk.user_id])
        screen.button(key="save-members").click().run()
        assert "Mine: Henk" in texts(screen)
        assert "Fatima Amrani: Anja" in texts(screen)
        screen.button(key="take-theirs").click().run()
        screen.button(key="save-members").click().run()
        with reading() as session:
            assert session.exec(select(CallListMember.user_id)).all() == [anja.user_id]

    @pytest.mark.parametrize("taken_away", [False, True])
    def test_the_rule_for_new_attempts(self, visit, person, colleague, made, taken_away):
        rule = RetryInput(hours=8, most_attempts=3)
        with transaction() as session:
            if taken_away:
                set_retry(session, colleague, made.id, "GEEN_GEHOOR", rule, version=0)
        screen = self.open_dialog(visit, person, f"retries-{made.id}")
        with transaction() as session:
            if taken_away:
                reset_retry(session, colleague, made.id, "GEEN_GEHOOR", version=1)
            else:
                set_retry(session, colleague, made.id, "GEEN_GEHOOR", rule, version=0)
        most = f"retry-{made.id}-GEEN_GEHOOR-{int(taken_away)}-most"
        screen.number_input(key=most).set_value(6)
        screen.button(key="save-retry").click().run()
        assert not screen.exception
        assert "Fatima Amrani changed this" in texts(screen)
        assert "Mine: 6" in texts(screen)
        assert "Fatima Amrani: 3" in texts(screen)
        screen.button(key="keep-mine").click().run()
        screen.button(key="save-retry").click().run()
        with reading() as session:
            assert session.exec(select(RetryRule.most_attempts)).all() == [6]
