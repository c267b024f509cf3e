import pytest
from pydantic import BaseModel, ValidationError

from crm.core.inputs import EmailAddress, Line, Lines


class Form(BaseModel):
    line: Line = ""
    lines: Lines = ""
    email: EmailAddress = ""


def test_what_was_typed_is_tidied_before_it_is_judged() -> None:
    form = Form(line=" De \t Zon ", lines=" een\r\ntwee\x00 ", email=" Info@Zon.NL ")
    assert (form.line, form.lines, form.email) == ("De Zon", "een\ntwee", "info@zon.nl")


@pytest.mark.parametrize("given", [{"line": None}, {"lines": 5}, {"email": None}])
def test_what_is_no_text_is_refused(given: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        Form.model_validate(given)


@pytest.mark.parametrize(
    "text", ["jan", "jan@", "@zon.nl", "jan@zon", "jan@@zon.nl", "jan de wit@zon.nl", "<a@zon.nl>"]
)
def test_what_is_no_address_is_refused(text: str) -> None:
    with pytest.raises(ValidationError):
        Form(email=text)
