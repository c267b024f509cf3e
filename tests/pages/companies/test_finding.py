"""Companies are found, and what happened with one is told."""

from datetime import timedelta

import pytest
from sqlmodel import select

from crm.access.permissions import Role
from crm.calling.models import Call, CallStatus, CallWay
from crm.core.clock import now
from crm.core.db import transaction
from crm.followups.models import FollowUp, FollowUpKind
from crm.followups.next_steps import StepFilter
from crm.reference.models import Reached
from crm.scripts.models import ScriptVersion
from crm.scripts.services import load_scripts
from tests.pages.companies.building import add
from tests.pages.reading import texts

pytestmark = pytest.mark.usefixtures("tuesday")


class TestSearch:
    def test_an_empty_desk_says_how_to_begin(self, visit, add_person):
        screen = visit("companies", add_person(Role.COORDINATOR))
        assert not screen.exception
        assert "Import a file" in screen.info[0].value

    def test_finds_by_name_and_says_whether_calling_is_allowed(self, visit, add_person):
        add(name="Bakkerij Zus")
        add(name="Garage Bos", legal_form="EMZ")
        screen = visit("companies", add_person(Role.CALLER))
        assert screen.caption[0].value == "2 companies"
        screen.text_input(key="company-text").set_value("gar").run()
        assert screen.caption[0].value == "1 company"
        assert r"Sole proprietorship without consent\: do not call\." in texts(screen)

    def test_the_next_step_stands_with_each_and_sorts_and_filters(self, visit, add_person):
        caller = add_person(Role.CALLER)
        late, later, nothing = add(name="Winkel A"), add(name="Winkel B"), add(name="Winkel C")
        with transaction() as session:
            for company_id, days, owner_id in ((later, 3, None), (late, -1, caller.id)):
                step = {"kind": FollowUpKind.SEND_INFO, "due_at": now() + timedelta(days=days), "owner_id": owner_id}
                session.add(FollowUp(company_id=company_id, **step))
        screen = visit("companies", caller)
        shown = texts(screen).replace("\\", "")
        assert "Send information · Mon 23 Nov 10:00 · Caller Test · late" in shown
        assert "Send information · Fri 27 Nov 10:00 · the team" in shown
        for which, expected in (("planned", [late, later]), ("team", [later]), ("none", [nothing])):
            screen.selectbox(key="step").set_value(StepFilter(which)).run()
            assert [int(box.key.removeprefix("open-")) for box in screen.button if "open-" in box.key] == expected
        assert screen.query_params["step"] == "none"
        again = visit("companies", caller, step="planned", **{"step-kind": "send_info"})
        assert [int(box.key.removeprefix("open-")) for box in again.button if "open-" in box.key] == [late, later]
        screen.button(key=f"open-{nothing}").click().run()
        assert not screen.exception
        assert screen.title[0].value == "Winkel C"

    def test_a_slip_is_put_right_and_the_screen_says_so(self, visit, add_person):
        add(name="Bakkerij Zus")
        screen = visit("companies", add_person(Role.CALLER))
        screen.text_input(key="company-text").set_value("bakerij").run()
        assert screen.info[0].value == "Nothing found for “bakerij”. This is what “bakkerij” gives."
        assert screen.caption[0].value == "1 company"

    def test_says_what_to_do_when_nothing_is_found(self, visit, add_person):
        screen = visit("companies", add_person(Role.CALLER))
        screen.text_input(key="company-text").set_value("zzz").run()
        assert "first letters" in screen.info[0].value

    def test_a_new_search_starts_at_the_first_page(self, visit, add_person):
        for n in range(15):
            add(name=f"Winkel {n:02}")
        screen = visit("companies", add_person(Role.CALLER))
        screen.session_state["company-page"] = 2
        screen.run()
        assert "Winkel 13" in texts(screen) or len(screen.columns) == 8
        screen.text_input(key="company-text").set_value("winkel").run()
        assert screen.session_state["company-page"] == 1

    def test_is_closed_for_viewers(self, visit, add_person):
        screen = visit("companies", add_person(Role.VIEWER))
        assert screen.error[0].value.startswith("Your role does not allow this")


class TestHistory:
    def test_shows_more_when_asked_and_all_notes_of_a_call(self, visit, add_person):
        caller, company_id = add_person(Role.CALLER), add()
        with transaction() as session:
            load_scripts(session)
            script = session.exec(select(ScriptVersion)).first()
            session.add_all(
                Call(
                    company_id=company_id, caller_id=caller.user_id, script_version_id=script.id, way=CallWay.VISIT,
                    status=CallStatus.DONE, ended_at=now(), reached=Reached.ANSWERED, disposition="GEEN_INTERESSE",
                    notes=f"Regel {n}\nRest {n}",
                )
                for n in range(10)
            )  # fmt: skip
        screen = visit("companies", caller, company=str(company_id))
        assert sum("Visit" in line.value for line in screen.markdown) == 8
        assert "Regel 9" in [text.value for text in screen.text]
        assert "Regel 9\nRest 9" in [text.value for text in screen.expander[1].text]
        screen.button(key=f"more-{company_id}").click().run()
        assert sum("Visit" in line.value for line in screen.markdown) == 10
        assert not [button for button in screen.button if button.key == f"more-{company_id}"]
