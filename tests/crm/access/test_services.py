"""Users: who may come in, as what, and until when."""

import pytest
from sqlmodel import Session, select

from crm.access.actor import Actor
from crm.access.inputs import NewUser, PasswordChange
from crm.access.models import SignInSession, User
from crm.access.passwords import WeakPassword, matches
from crm.access.permissions import Role
from crm.access.queries import actor_of, demo_accounts, users
from crm.access.services import (
    EmailTaken,
    LastAdministrator,
    PasswordNotRight,
    PasswordsDiffer,
    add_user,
    change_password,
    change_role,
    deactivate,
    reactivate,
    reset_password,
    set_language,
)
from crm.access.sign_in import open_session
from crm.audit.models import AuditEntry
from crm.core.errors import ChangedMeanwhile, NotAllowed, NotFound
from tests.conftest import add_user as add_row

PASSWORD = "koffie om tien uur"
OTHER = "thee om elf uur graag"


@pytest.fixture
def admin(session: Session) -> Actor:
    return add_row(session, Role.ADMIN)


def make_user(session: Session, admin: Actor, **overrides) -> User:
    fields = {"email": "jan@voorbeeld.nl", "name": "Jan Jansen", "role": Role.CALLER, "password": PASSWORD}
    return add_user(session, admin, NewUser.model_validate(fields | overrides))


def sign_in(session: Session, user: User) -> str:
    return open_session(session, Actor.of(user), user.email, "192.0.2.1")


def last_entry(session: Session) -> AuditEntry:
    return session.exec(select(AuditEntry).order_by(AuditEntry.id.desc())).first()


class TestAddUser:
    def test_keeps_only_a_hash_of_the_password(self, session, admin):
        user = make_user(session, admin)
        assert PASSWORD not in user.password_hash
        assert matches(PASSWORD, user.password_hash)

    def test_is_in_the_audit_log_without_the_hash(self, session, admin):
        user = make_user(session, admin)
        entry = last_entry(session)
        assert (entry.action, entry.subject_id, entry.actor_id) == ("user.added", user.id, admin.id)
        assert entry.changes["role"] == [None, "caller"]
        assert user.password_hash not in str(entry.changes)

    def test_refuses_the_same_address_in_other_letters(self, session, admin):
        make_user(session, admin)
        with pytest.raises(EmailTaken):
            make_user(session, admin, email="JAN@voorbeeld.nl")

    def test_refuses_a_weak_password(self, session, admin):
        with pytest.raises(WeakPassword):
            make_user(session, admin, password="kort")

    @pytest.mark.parametrize("role", [role for role in Role if role is not Role.ADMIN])
    def test_is_for_administrators(self, session, role):
        with pytest.raises(NotAllowed):
            make_user(session, add_row(session, role))


class TestChangePassword:
    def change(self, current=PASSWORD, new=OTHER, repeated=OTHER) -> PasswordChange:
        return PasswordChange(current=current, new=new, repeated=repeated)

    def test_ends_every_session_at_once(self, session, admin):
        user = make_user(session, admin)
        tokens = [sign_in(session, user), sign_in(session, user)]
        change_password(session, Actor.of(user), self.change())
        assert [actor_of(session, token) for token in tokens] == [None, None]
        assert matches(OTHER, user.password_hash)

    def test_leaves_the_sessions_of_others(self, session, admin):
        user, other = make_user(session, admin), make_user(session, admin, email="piet@voorbeeld.nl")
        token = sign_in(session, other)
        change_password(session, Actor.of(user), self.change())
        assert actor_of(session, token)

    def test_asks_for_the_current_password(self, session, admin):
        user = make_user(session, admin)
        with pytest.raises(PasswordNotRight):
            change_password(session, Actor.of(user), self.change(current="niet goed genoeg"))
        assert matches(PASSWORD, user.password_hash)

    def test_refuses_two_different_new_ones(self, session, admin):
        user = make_user(session, admin)
        with pytest.raises(PasswordsDiffer):
            change_password(session, Actor.of(user), self.change(repeated=OTHER + "!"))

    def test_refuses_a_weak_one(self, session, admin):
        user = make_user(session, admin)
        with pytest.raises(WeakPassword):
            change_password(session, Actor.of(user), self.change(new="kort", repeated="kort"))


class TestResetPassword:
    def test_signs_somebody_out_everywhere(self, session, admin):
        user = make_user(session, admin)
        token = sign_in(session, user)
        reset_password(session, admin, user.id, OTHER)
        assert actor_of(session, token) is None
        assert last_entry(session).action == "user.password_reset"
        assert last_entry(session).changes == {"password_hash": ["…", "…"]}

    def test_is_for_administrators(self, session, admin, coordinator):
        user = make_user(session, admin)
        with pytest.raises(NotAllowed):
            reset_password(session, coordinator, user.id, OTHER)


class TestDeactivate:
    def test_ends_every_session_at_once(self, session, admin):
        user = make_user(session, admin)
        token = sign_in(session, user)
        deactivate(session, admin, user.id)
        assert actor_of(session, token) is None
        assert not session.exec(select(SignInSession).where(SignInSession.user_id == user.id)).all()
        assert last_entry(session).changes["active"] == [True, False]

    def test_can_be_undone_without_reviving_sessions(self, session, admin):
        user = make_user(session, admin)
        token = sign_in(session, user)
        deactivate(session, admin, user.id)
        reactivate(session, admin, user.id)
        assert user.active
        assert actor_of(session, token) is None

    def test_never_closes_the_last_administrator(self, session, admin):
        with pytest.raises(LastAdministrator):
            deactivate(session, admin, admin.user_id)

    def test_one_of_two_administrators_may_go(self, session, admin):
        other = make_user(session, admin, role=Role.ADMIN)
        deactivate(session, admin, other.id)
        assert not other.active

    def test_refuses_an_old_version(self, session, admin):
        user = make_user(session, admin)
        change_role(session, admin, user.id, Role.COACH, version=user.version)
        with pytest.raises(ChangedMeanwhile):
            deactivate(session, admin, user.id, version=1)

    def test_refuses_somebody_who_does_not_exist(self, session, admin):
        with pytest.raises(NotFound):
            deactivate(session, admin, 999_999)

    def test_is_for_administrators(self, session, admin, caller):
        with pytest.raises(NotAllowed):
            deactivate(session, caller, admin.user_id)


class TestChangeRole:
    def test_works_at_the_next_question(self, session, admin):
        user = make_user(session, admin)
        token = sign_in(session, user)
        change_role(session, admin, user.id, Role.COACH)
        assert actor_of(session, token).role is Role.COACH
        assert last_entry(session).changes == {"role": ["caller", "coach"]}

    def test_keeps_one_administrator(self, session, admin):
        with pytest.raises(LastAdministrator):
            change_role(session, admin, admin.user_id, Role.CALLER)

    def test_nobody_makes_themselves_administrator(self, session, coordinator):
        with pytest.raises(NotAllowed):
            change_role(session, coordinator, coordinator.user_id, Role.ADMIN)


class TestSetLanguage:
    def test_changes_ones_own_language(self, session, admin):
        user = make_user(session, admin)
        set_language(session, Actor.of(user), "en")
        assert user.language == "en"

    def test_an_unknown_language_changes_nothing(self, session, admin):
        user = make_user(session, admin)
        set_language(session, Actor.of(user), "../../xx")
        assert user.language == "nl"


class TestUsers:
    def test_lists_the_active_first_by_name_a_page_at_a_time(self, session, admin):
        for name in ("Zus", "Aad", "Bep"):
            add_row(session, Role.CALLER, name=name, active=name != "Aad")
        first, second = (users(session, admin, page=page, size=2) for page in (1, 2))
        assert [user.name for user in (*first.users, *second.users)] == ["Admin Test", "Bep", "Zus", "Aad"]
        assert first.total == 4

    def test_is_for_administrators(self, session, coordinator):
        with pytest.raises(NotAllowed):
            users(session, coordinator)


class TestDemoAccounts:
    def test_lists_one_active_account_of_each_role(self, session):
        for number, active in enumerate((False, True, True)):
            add_row(session, Role.CALLER, email=f"beller{number}@demo.kopkoffie.example", active=active)
        add_row(session, Role.COACH, email="coach@demo.kopkoffie.example")
        assert [user.email.partition("@")[0] for user in demo_accounts(session)] == ["beller1", "coach"]

    def test_a_real_database_has_none(self, session, admin, caller):
        add_row(session, Role.COACH, email="x@demo.kopkoffie.example.nl")
        assert demo_accounts(session) == []
