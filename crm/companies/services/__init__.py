"""Writing about companies: what they are, who works there, and whether they may be called."""

from crm.companies.services.blocks import (
    mark_out_of_service,
    mark_wrong_number,
    suppress,
    suppress_number,
    take_back,
    take_back_blocks,
)
from crm.companies.services.consents import record_consent, withdraw_consent
from crm.companies.services.contacts import add_contact, edit_contact, require_contact
from crm.companies.services.details import (
    CompanyKnown,
    NothingToCheck,
    UnknownLegalForm,
    add_company,
    add_lead,
    change_company,
    confirm_legal_form,
    mark_running,
    mark_stopped,
    set_legal_form,
)
from crm.companies.services.grounds import (
    EndsBeforeItBegan,
    end_publication,
    end_relation,
    record_publication,
    record_relation,
)
from crm.companies.services.numbers import NotOneNumber, NumberKnown, add_number
from crm.companies.services.referrals import NamesItself, refer

__all__ = [
    "CompanyKnown",
    "EndsBeforeItBegan",
    "NamesItself",
    "NotOneNumber",
    "NothingToCheck",
    "NumberKnown",
    "UnknownLegalForm",
    "add_company",
    "add_contact",
    "add_lead",
    "add_number",
    "change_company",
    "confirm_legal_form",
    "edit_contact",
    "end_publication",
    "end_relation",
    "mark_out_of_service",
    "mark_running",
    "mark_stopped",
    "mark_wrong_number",
    "record_consent",
    "record_publication",
    "record_relation",
    "refer",
    "require_contact",
    "set_legal_form",
    "suppress",
    "suppress_number",
    "take_back",
    "take_back_blocks",
    "withdraw_consent",
]
