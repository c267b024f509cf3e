"""The form in which a company is written down or changed."""

from functools import cache, partial
from typing import Any

import streamlit as st
from sqlmodel import Session

from crm.access.actor import Actor
from crm.companies.inputs import CompanyInput, NewCompanyInput
from crm.companies.models import Company
from crm.companies.services import add_company, change_company
from crm.core.errors import field_text
from crm.core.i18n import _
from crm.reference.models import Sbi
from crm.reference.queries import legal_form, legal_forms, sbi_classes, sbi_divisions, sbi_groups
from web import state
from web.actions import perform
from web.components.companies.texts import show_postcode, trade_label
from web.components.links import open_here
from web.components.versions import Compared, draw_versions, yes_or_no

EDITING = "editing-company"
FIELDS = tuple(CompanyInput.model_fields)
TOLD, LONGEST_TOLD = ("name", "town", "postcode", "kvk_number", "branch_number", "number"), 80


@cache
def _trades() -> list[Sbi]:
    return sorted([*sbi_divisions(), *sbi_groups(), *sbi_classes()], key=lambda trade: trade.code)


def company_fields(form: str, start: dict[str, Any]) -> None:
    """The widgets, filled with what is known; `read_company` reads them back."""
    key = f"{form}-{{}}".format
    left, right = st.columns(2)
    with left:
        st.text_input(_("Name"), start.get("name", ""), key=key("name"), max_chars=200)
        _legal_form_field(start.get("legal_form", "ONB"), key("legal_form"))
        _trade_field(start.get("sbi_code"), key("sbi_code"))
        st.text_input(_("What they do, in plain words"), start.get("activity", ""), key=key("activity"), max_chars=300)
        least, most = st.columns(2)
        least.number_input(_("People, at least"), value=start.get("staff_min"), step=1, key=key("staff_min"))
        most.number_input(_("People, at most"), value=start.get("staff_max"), step=1, key=key("staff_max"))
    with right:
        st.text_input(_("Street and number"), start.get("street", ""), key=key("street"), max_chars=200)
        code, town = st.columns(2)
        code.text_input(
            _("Postcode"), show_postcode(start.get("postcode") or ""), key=key("postcode"), placeholder="3311 AB"
        )
        town.text_input(_("Town"), start.get("town", ""), key=key("town"), max_chars=80)
        kvk, branch = st.columns(2)
        kvk.text_input(_("KVK number"), start.get("kvk_number") or "", key=key("kvk_number"))
        branch.text_input(_("Branch number"), start.get("branch_number") or "", key=key("branch_number"))
        email, website = st.columns(2)
        email.text_input(_("E-mail"), start.get("email", ""), key=key("email"), max_chars=200)
        website.text_input(_("Website"), start.get("website", ""), key=key("website"), max_chars=200)
        st.checkbox(_("No advertising by post"), start.get("non_mailing", False), key=key("non_mailing"))


def _legal_form_field(chosen: str, key: str) -> None:
    codes = list(legal_forms())
    index = codes.index(chosen) if chosen in codes else codes.index("ONB")
    st.selectbox(_("Legal form"), codes, index=index, format_func=lambda code: legal_forms()[code].name, key=key)


def _trade_field(chosen: str | None, key: str) -> None:
    codes = [trade.code for trade in _trades()]
    if chosen and chosen not in codes:
        codes.insert(0, chosen)
    st.selectbox(
        _("Trade"),
        codes,
        index=codes.index(chosen) if chosen else None,
        format_func=trade_label,
        filter_mode="contains",
        placeholder=_("Choose a trade"),
        key=key,
    )


def read_company(form: str) -> dict[str, Any]:
    return {name: state.value(f"{form}-{name}") for name in FIELDS}


def is_editing(company_id: int) -> bool:
    return bool(state.value(EDITING)) and state.value(EDITING)[0] == company_id


def draw_edit_button(company: Company) -> None:
    st.button(
        _("Change"),
        key="edit-company",
        icon=":material/edit:",
        on_click=state.put,
        args=(EDITING, (company.id, company.version)),
    )


def draw_edit_form(company: Company) -> None:
    """The version is that of the moment the form was opened, so a colleague's change is noticed."""
    company_id, version = state.value(EDITING)
    draw_versions(version, company, _compared(company), partial(_go_on, company_id))
    with st.form("company-form"):
        company_fields(f"company-{company_id}", company.model_dump())
        with st.container(horizontal=True):
            st.form_submit_button(
                _("Save"), type="primary", key="save-company", on_click=_save, args=(company_id, version)
            )
            st.form_submit_button(_("Cancel"), key="cancel-company", on_click=state.forget, args=(EDITING,))


def _go_on(company_id: int, version: int) -> None:
    state.put(EDITING, (company_id, version))


def _compared(company: Company) -> list[Compared]:
    """The fields of the form as a colleague left them."""
    shown = {"legal_form": lambda code: legal_form(code).name, "sbi_code": trade_label}
    theirs = company.model_dump() | {"postcode": show_postcode(company.postcode or "")}
    texts = {"kvk_number", "branch_number"}
    return [
        Compared(
            _(field_text(name)),
            f"company-{company.id}-{name}",
            theirs[name] or "" if name in texts else theirs[name],
            shown.get(name, _in_words),
        )
        for name in FIELDS
    ]


def _in_words(value: Any) -> str:
    return yes_or_no(value) if isinstance(value, bool) else str(value)


def _save(company_id: int, version: int) -> None:
    def change(session: Session, actor: Actor) -> Company:
        changed = CompanyInput.model_validate(read_company(f"company-{company_id}"))
        return change_company(session, actor, company_id, changed, version=version)

    if perform(_("Saved."), change):
        state.forget(EDITING)


def draw_new_company() -> None:
    """What the address tells about the company is filled in: `?new=1&name=Bakkerij Jansen&number=0786123456`."""
    open_here(_("Back to the list"), "back", icon=":material/arrow_back:")
    st.title(_("New company"), anchor=False)
    with st.form("company-form"):
        told = {name: st.query_params.get(name, "")[:LONGEST_TOLD] for name in TOLD}
        company_fields("new-company", told)
        number, source = st.columns(2)
        number.text_input(
            _("Telephone number"), told["number"], key="new-company-number", placeholder="010 123 4567", max_chars=120
        )
        source.text_input(
            _("Where does it come from?"),
            key="new-company-source",
            placeholder=_("website, guide, in a call"),
            max_chars=120,
        )
        st.form_submit_button(_("Save"), type="primary", key="save-company", on_click=_add)


def _add() -> None:
    def add(session: Session, actor: Actor) -> Company:
        given = read_company("new-company")
        given |= {name: state.value(f"new-company-{name}") for name in ("number", "source")}
        return add_company(session, actor, NewCompanyInput.model_validate(given))

    if company := perform(_("The company is added."), add):
        st.query_params.from_dict({"company": str(company.id)})
