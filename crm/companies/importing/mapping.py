"""Which column of a file holds which field."""

import re
from collections.abc import Mapping, Sequence
from functools import lru_cache

from rapidfuzz import fuzz, process

from crm.companies.importing.errors import FieldTwice, MissingColumns
from crm.companies.importing.inputs import CompanyField
from crm.core.text import plain, squeeze

Columns = Mapping[int, CompanyField]

ALIASES: dict[CompanyField, str] = {
    CompanyField.NAME: """
        naam bedrijfsnaam handelsnaam bedrijf organisatie organisatienaam onderneming ondernemingsnaam firmanaam
        firma naam_bedrijf naam_onderneming vestigingsnaam zaaknaam eerste_handelsnaam naam_organisatie
        statutaire_naam relatie relatienaam klantnaam werkgever name company company_name business business_name
        trade_name organisation organization organisation_name organization_name account_name employer""",
    CompanyField.PHONE: """
        telefoon telefoonnummer telefoonnr tel telnr telnummer nummer_telefoon mobiel mobiele_telefoon
        mobiel_nummer gsm vaste_telefoon vast_nummer telefoon_vast telefoon_mobiel telefoon_zakelijk
        telefoon_algemeen algemeen_telefoonnummer zakelijk_telefoonnummer 06_nummer telefoon_overdag bellen
        phone phone_number telephone telephone_number mobile mobile_phone mobile_number cell cell_phone landline
        business_phone work_phone company_phone phone_mobile phone_work contactnummer contact_number""",
    CompanyField.KVK_NUMBER: """
        kvk kvknummer kvknr kvk_number kamer_van_koophandel kamer_van_koophandel_nummer kvk_dossiernummer
        dossiernummer handelsregisternummer inschrijfnummer_kvk coc coc_number chamber_of_commerce
        chamber_of_commerce_number chamber_of_commerce_no trade_register_number kvk_no""",
    CompanyField.BRANCH_NUMBER: """
        vestigingsnummer vestigingsnr vestiging_nummer vestigingsnummer_kvk kvk_vestigingsnummer branch_number
        branch_no establishment_number branch""",
    CompanyField.LEGAL_FORM: """
        rechtsvorm rechtsvorm_omschrijving juridische_vorm ondernemingsvorm bedrijfsvorm legal_form
        legal_entity_type company_type legal_structure""",
    CompanyField.SBI_CODE: """
        sbi sbi_code sbi2025 sbi_code_2025 hoofd_sbi sbi_hoofdactiviteit hoofdactiviteit_sbi sbi_hoofdcode sbi_1
        branchecode sector_code industry_code activiteitencode""",
    CompanyField.ACTIVITY: """
        activiteit activiteiten bedrijfsactiviteit bedrijfsactiviteiten branche omschrijving_activiteit
        sbi_omschrijving activiteit_omschrijving hoofdactiviteit bedrijfsomschrijving omschrijving sector
        wat_doen_ze activity activities industry business_activity description sbi_description""",
    CompanyField.STREET: """
        straat straatnaam adres bezoekadres vestigingsadres adresregel adresregel_1 straat_en_huisnummer
        straat_en_nummer straat_huisnummer bezoekadres_straat vestigingsadres_straat street street_name address
        address_line address_line_1 street_address visiting_address""",
    CompanyField.HOUSE_NUMBER: """
        huisnummer huisnr nr house_number house_no street_number bezoekadres_huisnummer""",
    CompanyField.HOUSE_SUFFIX: """
        toevoeging huisnummertoevoeging huisnr_toevoeging toev huisletter house_number_suffix
        house_number_addition suffix addition""",
    CompanyField.POSTCODE: """
        postcode pc postcode_plaats postcode_en_plaats bezoekadres_postcode vestigingsadres_postcode
        postcode_bezoekadres postal_code zip zip_code""",
    CompanyField.TOWN: """
        plaats plaatsnaam woonplaats stad vestigingsplaats dorp gemeente bezoekadres_plaats
        vestigingsadres_plaats plaats_bezoekadres town city place""",
    CompanyField.STAFF: """
        personeel aantal_personeelsleden medewerkers aantal_medewerkers werknemers aantal_werknemers
        werkzame_personen aantal_werkzame_personen totaal_werkzame_personen personeelsklasse grootteklasse
        bedrijfsgrootte grootte omvang fte aantal_fte personeelsomvang staff employees number_of_employees
        employee_count headcount size company_size staff_size""",
    CompanyField.EMAIL: """
        email emailadres mail mailadres email_algemeen algemeen_emailadres email_address""",
    CompanyField.WEBSITE: """
        website web site url internet internetadres webadres webpagina www homepage website_url web_address""",
    CompanyField.NON_MAILING: """
        non_mailing non_mailing_indicator nmi ind_non_mailing indicatie_non_mailing non_mailing_indicatie""",
    CompanyField.SOURCE: """
        bron herkomst bron_nummer bron_telefoonnummer gevonden_op gevonden_via source origin number_source""",
}

REQUIRED = (CompanyField.NAME, CompanyField.PHONE)
REPEATABLE = frozenset({CompanyField.PHONE})
SIMILAR = 90
SHORTEST_SIMILAR = 7


def header_key(header: str) -> str:
    """`Tel. nr:` -> `telnr`"""
    return re.sub(r"[^a-z0-9]", "", plain(header))


_FIELDS = {
    alias.replace("_", ""): (field, rank)
    for field, aliases in ALIASES.items()
    for rank, alias in enumerate(aliases.split())
}
_LONG_ALIASES = [alias for alias in _FIELDS if len(alias) >= SHORTEST_SIMILAR]


@lru_cache(maxsize=2_000)
def _guess(header: str) -> tuple[CompanyField, int] | None:
    """The field and how sure we are: the lower, the surer."""
    key = header_key(header)
    if known := _FIELDS.get(key):
        return known
    if (base := key.rstrip("0123456789")) != key and base in _FIELDS:
        field, rank = _FIELDS[base]
        return (field, rank + 100) if field in REPEATABLE else None
    if any(c.isdigit() for c in key):  # `SBI 2008` is not `SBI 2025`
        return None
    near = process.extractOne(key, _LONG_ALIASES, scorer=fuzz.ratio, score_cutoff=SIMILAR)
    return (_FIELDS[near[0]][0], 200) if near else None


def suggest(headers: Sequence[str]) -> dict[int, CompanyField]:
    """The most likely field per column. A field gets one column, but any number of columns may hold telephones."""
    guesses = [(guess[1], column, guess[0]) for column, text in enumerate(headers) if (guess := _guess(text))]
    taken: dict[int, CompanyField] = {}
    for _rank, column, field in sorted(guesses, key=lambda guess: guess[:2]):
        if field in REPEATABLE or field not in taken.values():
            taken[column] = field
    return dict(sorted(taken.items()))


def find_header(lines: Sequence[Sequence[str]]) -> int:
    """Which of the first lines holds the headings: the one with most known words, else the first with content."""
    scores = [len({guess[0] for cell in cells if (guess := _guess(squeeze(cell)[:100]))}) for cells in lines]
    best = max(scores, default=0)
    if best:
        return scores.index(best)
    return next((index for index, cells in enumerate(lines) if any(cell.strip() for cell in cells)), 0)


def check(columns: Columns, headers: Sequence[str]) -> None:
    """Raises MissingColumns without names or telephone numbers, FieldTwice when it is unclear which column to take."""
    fields = list(columns.values())
    if missing := [field.label for field in REQUIRED if field not in fields]:
        raise MissingColumns(missing, headers)
    if twice := [field.label for field in set(fields) - REPEATABLE if fields.count(field) > 1]:
        raise FieldTwice(twice)
