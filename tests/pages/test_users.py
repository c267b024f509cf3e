"""The screen for users.

Everybody here reads Dutch: AppTest looks an option up by its label, in the language of the test itself.
"""

from sqlmodel import select

from crm.access.models import User
from crm.access.passwords import matches
from crm.access.permissions import Role
from crm.core.db import reading
from tests.pages.reading import told


def user_of(name: str) -> User:
    with reading() as session:
        return session.exec(select(User).where(User.name == name)).one()


def open_dialog(screen):
    return screen.button(key="new-user").click().run()


class TestAdding:
    def test_shows_a_made_up_password_once(self, visit, add_person):
        screen = open_dialog(visit("users", add_person(Role.ADMIN, "nl")))
        screen.text_input(key="new-name").input("Jan Jansen")
        screen.text_input(key="new-email").input("Jan@Voorbeeld.nl")
        screen.selectbox(key="new-role").select(Role.COACH)
        screen.button(key="add-user").click().run()
        user = user_of("Jan Jansen")
        (message,) = told(screen, "info")
        password = next(word for word in message.split() if matches(word, user.password_hash))
        assert (user.email, user.role) == ("jan@voorbeeld.nl", Role.COACH)
        assert len(password) >= 12

    def test_says_what_is_wrong_in_the_dialog_and_keeps_what_was_typed(self, visit, add_person):
        screen = open_dialog(visit("users", add_person(Role.ADMIN, "nl")))
        screen.text_input(key="new-name").input("Jan Jansen")
        screen.text_input(key="new-email").input("geen adres")
        screen.button(key="add-user").click().run()
        assert "schrijf het als naam@bedrijf.nl" in screen.error[0].value.replace("\\", "").replace("\u2060", "")
        assert screen.text_input(key="new-name").value == "Jan Jansen"


class TestChanging:
    def test_gives_another_role(self, visit, add_person):
        admin, caller = add_person(Role.ADMIN, "nl"), add_person(Role.CALLER)
        visit("users", admin).selectbox(key=f"role-{caller.id}").select(Role.COACH).run()
        assert user_of(caller.name).role is Role.COACH

    def test_the_last_administrator_stays_one(self, visit, add_person):
        admin = add_person(Role.ADMIN, "nl")
        screen = visit("users", admin)
        screen.selectbox(key=f"role-{admin.id}").select(Role.CALLER).run()
        assert told(screen, "error") == ["Dit is de laatste beheerder. Maak eerst iemand anders beheerder."]
        assert screen.selectbox(key=f"role-{admin.id}").value is Role.ADMIN

    def test_closes_an_account_after_a_question_and_opens_it_again(self, visit, add_person):
        admin, caller = add_person(Role.ADMIN, "nl"), add_person(Role.CALLER)
        screen = visit("users", admin)
        screen.button(key=f"close-{caller.id}").click().run()
        assert user_of(caller.name).active
        screen.button(key="confirm").click().run()
        assert not user_of(caller.name).active
        screen.button(key=f"open-{caller.id}").click().run()
        assert user_of(caller.name).active

    def test_gives_a_new_password_after_a_question(self, visit, add_person):
        admin, caller = add_person(Role.ADMIN, "nl"), add_person(Role.CALLER)
        screen = visit("users", admin)
        screen.button(key=f"password-{caller.id}").click().run()
        screen.button(key="confirm").click().run()
        assert any(matches(word, user_of(caller.name).password_hash) for word in told(screen, "info")[0].split())


def test_is_for_administrators(visit, add_person):
    screen = visit("users", add_person(Role.COORDINATOR))
    assert "Your role does not allow this" in screen.error[0].value
    assert not screen.button


SYSTEM = {"kind": "voipgrid", "email": "desk@voorbeeld.nl", "token": "x", "label": "Kantoor"}


class TestTelephone:
    def test_of_somebody_else_is_filled_in_by_an_administrator(self, visit, add_person, set_telephony):
        set_telephony(default="kantoor", kantoor=SYSTEM)
        caller = add_person(Role.CALLER, "nl")
        screen = visit("users", add_person(Role.ADMIN, "nl"))
        screen.button(key=f"telephone-{caller.id}").click().run()
        screen.text_input(key="phone-line").input("101")
        screen.button(key="keep-line").click().run()
        assert not screen.exception
        assert any("Kantoor 101" in text.value for text in screen.markdown)

    def test_without_a_telephone_system_there_is_no_button(self, visit, add_person):
        caller = add_person(Role.CALLER, "nl")
        screen = visit("users", add_person(Role.ADMIN, "nl"))
        assert f"telephone-{caller.id}" not in {button.key for button in screen.button}
