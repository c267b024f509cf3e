"""What a call script is made of: questions, answers that lead to the next one, objections, things to write down.

Everything is frozen: a script that was read is shared by all who call with it.
"""

from enum import StrEnum, auto
from functools import cached_property

from pydantic import BaseModel, ConfigDict, Field

from crm.followups.models import FollowUpKind

MOST_CHOICES = 9  # the number keys 1-9
OBJECTION = "objection"  # the answer that opens the list of objections; it has a key of its own

VARIABLES = frozenset(
    {
        "greeting", "first_name", "organisation", "organisation_kind", "town", "region", "funder", "office_phone",
        "contact", "company", "source", "day", "time", "month", "term", "summary", "score", "score_minus_two",
    }
)  # fmt: skip


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=True)


class Proposes(_Part):
    """What passing this point says about the result of the call."""

    disposition: str | None = None
    follow_up: FollowUpKind | None = None
    working_days: int | None = Field(default=None, ge=0, le=520)
    hidden_job: bool = False
    reasons: tuple[str, ...] = ()
    objection_offered: bool = False
    no_contact: bool = False


class FieldKind(StrEnum):
    """`list` is several of the options, or lines of free text when there are none."""

    TEXT = auto()
    NUMBER = auto()
    YES_NO = auto()
    SCALE = auto()
    DATE = auto()
    CHOICE = auto()
    LIST = auto()


class Option(_Part):
    """Something to choose. `working_days` moves the proposed moment to call again."""

    value: str = Field(min_length=1, max_length=60)
    label: str = Field(min_length=1, max_length=120)
    working_days: int | None = Field(default=None, ge=0, le=520)


class AskedField(_Part):
    """Something to write down."""

    name: str = Field(pattern=r"^[a-z][a-z0-9_]*$", max_length=60)
    label: str = Field(min_length=1, max_length=120)
    kind: FieldKind = FieldKind.TEXT
    options: tuple[Option, ...] = ()
    minimum: int = 0
    maximum: int = 10


class Answer(Proposes):
    key: str = Field(pattern=r"^[a-z][a-z0-9_]*$", max_length=60)
    label: str = Field(min_length=1, max_length=120)
    to: str


class Objection(Proposes):
    """What the other may bring up, and how to go along with it."""

    code: str = Field(pattern=r"^[A-Z][A-Z0-9_]*$", max_length=32)
    says: str = Field(min_length=1)
    reply: str = Field(min_length=1)
    to: str


class Node(Proposes):
    """One step of the conversation. Without `say` it is for the caller's eyes only."""

    id: str = Field(pattern=r"^[A-Z][A-Z0-9_]*$", max_length=32)
    title: str = Field(min_length=1)
    goal: str = Field(min_length=1)
    say: str = ""
    tip: str = ""
    fields: tuple[str, ...] = ()
    answers: tuple[Answer, ...] = ()

    @property
    def choices(self) -> tuple[Answer, ...]:
        """The answers under the number keys, in order."""
        return tuple(answer for answer in self.answers if answer.key != OBJECTION)

    @property
    def objection(self) -> Answer | None:
        """The answer that opens the objections, if the script foresees them here."""
        return self.answer(OBJECTION)

    def answer(self, key: str) -> Answer | None:
        return next((answer for answer in self.answers if answer.key == key), None)


class Repeated(Proposes):
    """Where the conversation goes when somebody raises the same objection again."""

    to: str


class Greeting(_Part):
    from_hour: int = Field(ge=0, le=23)
    text: str


class Closing(_Part):
    """A sentence to end the call with."""

    name: str
    text: str


class Required(_Part):
    """What must be known when the call is closed; `with_work` comes on top when work was found."""

    always: tuple[str, ...] = ()
    with_work: tuple[str, ...] = ()


class Script(_Part):
    """A graph of nodes from `start` to `end`. `objections_node` is where an objection is chosen.

    A conversation with somebody who rings us begins at `incoming_start`, in a script that has one.
    """

    key: str = Field(pattern=r"^[a-z][a-z0-9_]*$", max_length=60)
    title: str = Field(min_length=1, max_length=120)
    language: str = Field(default="nl", min_length=2, max_length=2)
    start: str
    incoming_start: str | None = None
    end: str
    objections_node: str
    repeated_objection: Repeated
    work_found: Proposes = Proposes()
    rules: tuple[str, ...] = ()
    technique: str = ""
    greetings: tuple[Greeting, ...] = ()
    closings: tuple[Closing, ...] = ()
    required: Required = Required()
    fields: tuple[AskedField, ...] = ()
    nodes: tuple[Node, ...]
    objections: tuple[Objection, ...] = ()

    @cached_property
    def _nodes(self) -> dict[str, Node]:
        return {node.id: node for node in self.nodes}

    @cached_property
    def _objections(self) -> dict[str, Objection]:
        return {objection.code: objection for objection in self.objections}

    @cached_property
    def _fields(self) -> dict[str, AskedField]:
        return {field.name: field for field in self.fields}

    def node(self, node_id: str) -> Node | None:
        return self._nodes.get(node_id)

    def objection(self, code: str | None) -> Objection | None:
        return self._objections.get(code or "")

    def field(self, name: str) -> AskedField | None:
        return self._fields.get(name)

    def fields_of(self, node: Node) -> tuple[AskedField, ...]:
        """What to write down at this node."""
        return tuple(self._fields[name] for name in node.fields)
