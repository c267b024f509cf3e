from crm.core.i18n import speaking
from crm.reference import queries
from crm.reference.models import ColdCall, Reached


def test_the_forms_that_rvo_names_as_natural_persons_need_consent():
    need = {code for code, form in queries.legal_forms().items() if form.cold_call is ColdCall.CONSENT}
    assert need >= {"EMZ", "VOF", "MA", "CV"}


def test_a_form_nobody_knows_is_blocked():
    assert queries.legal_form("??").cold_call is ColdCall.BLOCKED


def test_every_trade_except_a_section_has_a_parent_that_exists():
    for item in queries._sbi().values():
        assert item.level == "section" or queries.sbi(item.parent)


def test_names_follow_the_language_of_the_reader():
    with speaking("nl"):
        assert queries.sbi("F").name == "Bouwnijverheid"
    with speaking("en"):
        assert queries.sbi("F").name == "Construction"


def test_there_are_25_competences_and_15_reasons_and_22_dispositions():
    assert (len(queries.competences()), len(queries.reasons()), len(queries.dispositions())) == (25, 15, 22)


def test_a_postcode_gives_its_town():
    assert queries.postcode_area("3311AB").town == "Dordrecht"
    assert queries.postcode_area("0000") is None


def test_what_the_line_gives_has_one_result_each_and_a_conversation_only_follows_on_an_answer():
    for result in queries.dispositions().values():
        answered = result.reached is Reached.ANSWERED
        assert queries.result_of(result.reached, result.code if answered else None) is result
        assert not (answered and result.is_system)
    assert {result.reached for result in queries.dispositions().values()} == set(Reached)
    assert queries.result_of(None, None) is None
