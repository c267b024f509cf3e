"""Every screen of the product: where it is in the menu and who may see it."""

from dataclasses import dataclass

from crm.access.actor import Actor
from crm.access.permissions import Permission
from crm.core.i18n import N_, _


@dataclass(frozen=True, slots=True)
class Screen:
    """One file of `pages/`; its name is also its address. Without a permission it is for everyone."""

    name: str
    title: str
    icon: str
    permission: Permission | None

    @property
    def label(self) -> str:
        return _(self.title)


# In the order of the menu.
MENU: dict[str, tuple[Screen, ...]] = {
    N_("My day"): (
        Screen("today", N_("Today"), "wb_sunny", Permission.FOLLOWUP_OWN),
        Screen("desk", N_("Call desk"), "headset_mic", Permission.CALL_MAKE),
        Screen("followups", N_("Follow-ups"), "event_upcoming", Permission.FOLLOWUP_OWN),
    ),
    N_("Companies"): (
        Screen("companies", N_("Companies"), "storefront", Permission.COMPANY_VIEW),
        Screen("call_lists", N_("Call lists"), "checklist", Permission.LIST_VIEW),
        Screen("letters", N_("Letters"), "mail", Permission.LETTER_SEND),
        Screen("blocks", N_("Do not call"), "phone_disabled", Permission.PRIVACY_MANAGE),
        Screen("import_companies", N_("Import companies"), "upload_file", Permission.COMPANY_IMPORT),
    ),
    N_("Work and people"): (
        Screen("pipeline", N_("Hidden jobs"), "work_history", Permission.JOB_VIEW),
        Screen("work_analysis", N_("Work analyses"), "assignment", Permission.COMPANY_VIEW),
        Screen("candidates", N_("Job seekers"), "groups", Permission.CANDIDATE_VIEW),
        Screen("meetings", N_("Kopkoffie"), "coffee", Permission.MEETING_PLAN),
        Screen("instruments", N_("Schemes for employers"), "menu_book", Permission.MEETING_PLAN),
    ),
    N_("Office"): (
        Screen("dashboard", N_("Dashboard"), "monitoring", Permission.REPORT_VIEW),
        Screen("outbox", N_("E-mail"), "outbox", Permission.OUTBOX_MANAGE),
        Screen("templates", N_("Templates"), "dashboard_customize", Permission.FOLLOWUP_TEAM),
        Screen("team", N_("Team"), "diversity_3", Permission.FOLLOWUP_TEAM),
        Screen("users", N_("Users"), "manage_accounts", Permission.USER_MANAGE),
        Screen("audit", N_("Audit log"), "history", Permission.AUDIT_VIEW),
        Screen("background_jobs", N_("Background jobs"), "schedule", Permission.SYSTEM_MANAGE),
        Screen("notices", N_("Messages"), "notifications", None),
        Screen("account", N_("My account"), "account_circle", None),
    ),
}

HOMES = ("today", "dashboard")  # the first of these that somebody may see

SCREENS: dict[str, Screen] = {screen.name: screen for screens in MENU.values() for screen in screens}


def may_see(actor: Actor, screen: Screen) -> bool:
    return screen.permission is None or actor.may(screen.permission)


def home(actor: Actor) -> Screen:
    return next(screen for screen in map(SCREENS.__getitem__, HOMES) if may_see(actor, screen))


def menu(actor: Actor) -> dict[str, list[Screen]]:
    """The menu of this actor, without empty groups."""
    groups = {_(group): [screen for screen in screens if may_see(actor, screen)] for group, screens in MENU.items()}
    return {group: screens for group, screens in groups.items() if screens}
