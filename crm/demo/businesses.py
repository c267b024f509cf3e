"""The invented businesses of the demo, in real towns of Rijnmond and the Drechtsteden."""

from datetime import timedelta
from random import Random

from sqlmodel import Session

from crm.access.models import User
from crm.companies.models import (
    Company,
    CompanyNumber,
    Consent,
    ConsentChannel,
    Contact,
    Suppression,
    SuppressionReason,
)
from crm.companies.words import index_company
from crm.core.clock import now
from crm.core.text import name_key
from crm.demo.people import column, rows
from crm.reference.queries import postcode_area

HOW_MANY = 400
SOURCE = "Bedrijvengids Rijnmond en Drechtsteden (verzonnen)"
LEGAL_FORMS = {"BV": 58, "EMZ": 16, "VOF": 12, "ST": 3, "VER": 1, "COP": 1, "MA": 2, "CV": 2, "NV": 1, "ONB": 4}
LEGAL_SUFFIX = {"BV": " B.V.", "VOF": " V.O.F.", "NV": " N.V.", "CV": " C.V."}
FUNCTIONS = ("eigenaar", "eigenaar", "bedrijfsleider", "planner", "administratie")
STAFF_SIZES = ((1, 1), (2, 4), (2, 9), (5, 9), (10, 19), (20, 49), (50, 99))

Trade = dict[str, str]


def add_businesses(session: Session, random: Random, recorder: User) -> list[tuple[Company, Trade]]:
    """About 400 companies with a number, a contact for most, and consent for some of those that need it."""
    trades, towns = list(rows("trades.csv")), list(rows("towns.csv"))
    surnames, streets, first_names = column("surnames.csv"), column("streets.csv"), column("first_names.csv")
    made = []
    for serial in range(HOW_MANY):
        trade = _weighted(random, trades)
        town = _weighted(random, towns)
        surname = random.choice(surnames)
        company = _company(random, serial, trade, town)
        company.name += f" {surname}{LEGAL_SUFFIX.get(company.legal_form, '')}"
        company.name_key = name_key(company.name)
        company.street = f"{random.choice(streets)} {random.randint(1, 240)}"
        session.add(company)
        session.flush()
        session.add(_number(company, town["area_code"], serial))
        index_company(session, company)
        if random.random() < 0.7:
            name = f"{random.choice(first_names)} {surname}"
            session.add(Contact(company_id=company.id, name=name, function=random.choice(FUNCTIONS)))
        if company.legal_form in {"EMZ", "VOF", "MA", "CV"} and random.random() < 0.25:
            session.add(_consent(random, company, surname, recorder))
        made.append((company, trade))
    for company, _trade in random.sample(made, 5):
        session.add(_objection(company, recorder))
    return made


def _weighted(random: Random, choices: list[dict[str, str]]) -> dict[str, str]:
    return random.choices(choices, [int(choice["weight"]) for choice in choices])[0]


def _company(random: Random, serial: int, trade: Trade, town: dict[str, str]) -> Company:
    """Everything but the owner's name and the street."""
    legal_form = random.choices(list(LEGAL_FORMS), list(LEGAL_FORMS.values()))[0]
    staff_min, staff_max = (1, 1) if legal_form == "EMZ" and random.random() < 0.6 else random.choice(STAFF_SIZES)
    digits = random.choice(town["postcodes"].split())
    area = postcode_area(digits)
    return Company(
        name=trade["prefix"],
        name_key="",
        legal_form=legal_form,
        kvk_number=f"9{serial:07}",
        branch_number=f"0009{serial:08}",
        sbi_code=trade["sbi"],
        activity=trade["activity"],
        postcode=digits + "".join(random.choices("ABCDEFGHJKLMNP", k=2)),
        town=town["town"],
        latitude=area.latitude + random.uniform(-0.006, 0.006) if area else None,
        longitude=area.longitude + random.uniform(-0.009, 0.009) if area else None,
        staff_min=staff_min,
        staff_max=staff_max,
        source=SOURCE,
        created_at=now() - timedelta(days=40),
    )


def _number(company: Company, area_code: str, serial: int) -> CompanyNumber:
    # A Dutch subscriber number never begins with a 0, so this number has the right form and reaches nobody.
    subscriber = f"0{serial + 1000:0{8 - len(area_code)}}"
    original = f"0{area_code}-{subscriber}"
    e164 = f"+31{area_code}{subscriber}"
    return CompanyNumber(company_id=company.id, e164=e164, original=original, is_main=True, source=SOURCE)


def _consent(random: Random, company: Company, surname: str, recorder: User) -> Consent:
    given_at = now() - timedelta(days=random.randint(20, 120))
    return Consent(
        company_id=company.id,
        given_by=surname,
        channel=ConsentChannel.PAPER,
        text="Ja, de servicedesk mag mij bellen over werk dat bij mij blijft liggen.",
        verified_how="kaart met handtekening in het archief",
        given_at=given_at,
        expires_at=given_at + timedelta(days=365),
        recorded_by_id=recorder.id,
    )


def _objection(company: Company, recorder: User) -> Suppression:
    return Suppression(
        company_id=company.id,
        reason=SuppressionReason.OBJECTION,
        note="Per brief laten weten niet gebeld te willen worden.",
        made_by_id=recorder.id,
    )
