"""Job seekers. No BSN, no birth date, no health, no benefit file: there is no field for them."""

from datetime import date, datetime, time
from enum import IntEnum

from sqlalchemy import JSON, CheckConstraint, Index, UniqueConstraint, event
from sqlmodel import Field

from crm.companies.models import ConsentChannel
from crm.core.clock import now
from crm.core.i18n import N_, _
from crm.core.models import Record, Versioned
from crm.core.types import LabelledEnum, text_enum
from crm.reference.work_words import as_kept


class CandidateStatus(LabelledEnum):
    ACTIVE = "active", N_("Looking for work")
    PAUSED = "paused", N_("Paused")
    PLACED = "placed", N_("Placed")
    LEFT = "left", N_("Has left us")


class Barrier(LabelledEnum):
    """What is practically in the way, in neutral words."""

    TRANSPORT = "transport", N_("Transport")
    SCHOOLING = "schooling", N_("Schooling")
    CARE_HOURS = "care_hours", N_("Care hours")
    HOURS = "hours", N_("Limited hours")
    DIGITAL = "digital", N_("Digital skills")
    LANGUAGE = "language", N_("Language")


class TravelBy(LabelledEnum):
    FOOT = "foot", N_("On foot")
    BIKE = "bike", N_("By bike")
    MOPED = "moped", N_("By moped or scooter")
    TRANSIT = "transit", N_("By public transport")
    CAR = "car", N_("By car")


class Level(IntEnum):
    """How well somebody does what a competence asks."""

    LEARNING = 1
    ABLE = 2
    STRONG = 3

    @property
    def label(self) -> str:
        return _(_LEVELS[self])


_LEVELS = {Level.STRONG: N_("Is strong in it"), Level.ABLE: N_("Can do it"), Level.LEARNING: N_("Is learning it")}


class Candidate(Versioned, table=True):
    """Somebody who looks for work. `days` holds two-letter Dutch day codes; travel is in kilometres.

    `open_to` are fields of work that fit besides the trades somebody had.

    The times are those between which somebody can work, in Dutch time. The two moments of consent repeat what the rows
    of CandidateConsent say about being introduced, for matching: only crm.candidates.consents writes them. `work_words`
    follows from `about_work`.
    """

    __table_args__ = (
        CheckConstraint("hours_min <= hours_max", name="hours_order"),
        CheckConstraint("from_time < until_time", name="times_order"),
    )

    name: str = Field(max_length=120)
    email: str = Field(default="", max_length=200)
    e164: str = Field(default="", max_length=16)
    best_reached: str = Field(default="", max_length=120)
    postcode: str | None = Field(default=None, max_length=6)
    town: str = Field(default="", max_length=80)
    latitude: float | None = None
    longitude: float | None = None
    trades: list[str] = Field(default_factory=list, sa_type=JSON)
    open_to: list[str] = Field(default_factory=list, sa_type=JSON)
    strengths: str = ""
    work_done: str = ""
    proud_of: str = ""
    wishes: str = ""
    not_wanted: str = ""
    hours_min: int = 0
    hours_max: int = 40
    days: list[str] = Field(default_factory=list, sa_type=JSON)
    from_time: time | None = None
    until_time: time | None = None
    travel_km: int = 15
    travel_by: list[str] = Field(default_factory=list, sa_type=JSON)
    barriers: list[str] = Field(default_factory=list, sa_type=JSON)
    meets_programme: bool | None = None
    coach_id: int | None = Field(default=None, foreign_key="app_user.id", index=True)
    status: CandidateStatus = Field(default=CandidateStatus.ACTIVE, sa_type=text_enum(CandidateStatus), index=True)
    status_since: datetime = Field(default_factory=now)
    consent_at: datetime | None = None
    consent_until: datetime | None = None
    work_words: str = ""
    erased_at: datetime | None = None

    @property
    def about_work(self) -> tuple[str, ...]:
        """All that is written about what somebody did and is good at."""
        return *self.trades, self.strengths


@event.listens_for(Candidate, "before_insert")
@event.listens_for(Candidate, "before_update")
def _keep_work_words(_mapper: object, _connection: object, candidate: Candidate) -> None:
    """So that the database compares the words that may count and never sees the others."""
    candidate.work_words = as_kept(*candidate.about_work)


class IntakeStep(LabelledEnum):
    """The steps of the intake, in the order in which they are proposed; any other order is fine."""

    PERSON = "person", N_("Who and where")
    PAST = "past", N_("Done and proud of")
    SKILLS = "skills", N_("What goes well")
    WHEN = "when", N_("When and how far")
    BARRIERS = "barriers", N_("What is in the way")
    WISHES = "wishes", N_("Wishes")
    AGREEMENTS = "agreements", N_("Agreements")


class IntakeProgress(Record, table=True):
    """That a step of an intake was saved: what it holds is with the job seeker."""

    __table_args__ = (UniqueConstraint("candidate_id", "step"),)

    candidate_id: int = Field(foreign_key="candidate.id")
    step: IntakeStep = Field(sa_type=text_enum(IntakeStep))
    saved_at: datetime = Field(default_factory=now)
    saved_by_id: int | None = Field(default=None, foreign_key="app_user.id")


class Purpose(LabelledEnum):
    """What somebody agrees to, each by itself."""

    DETAILS = "details", N_("Keep my details and look for work with me")
    INTRODUCE = "introduce", N_("Introduce me to an employer by name")
    STORY = "story", N_("Show my picture or tell my story")
    SHARE = "share", N_("Share my details with a partner organisation")


class CandidateConsent(Record, table=True):
    """Evidence of one consent, to one purpose: another answer is another row. What is taken back keeps its words.

    `channel` is empty for consents from before it was asked.
    """

    __table_args__ = (Index(None, "candidate_id", "purpose"),)

    candidate_id: int = Field(foreign_key="candidate.id")
    purpose: Purpose = Field(sa_type=text_enum(Purpose))
    channel: ConsentChannel | None = Field(default=None, sa_type=text_enum(ConsentChannel))
    text: str
    given_at: datetime = Field(default_factory=now)
    expires_at: datetime | None = None
    recorded_by_id: int | None = Field(default=None, foreign_key="app_user.id")
    withdrawn_at: datetime | None = None
    withdrawn_channel: ConsentChannel | None = Field(
        default=None, sa_type=text_enum(ConsentChannel, name="withdrawn_channel")
    )
    withdrawn_by_id: int | None = Field(default=None, foreign_key="app_user.id")

    @property
    def ends_at(self) -> datetime | None:
        return self.withdrawn_at or self.expires_at

    def holds_at(self, moment: datetime) -> bool:
        return self.given_at <= moment and (self.ends_at is None or moment < self.ends_at)


class CandidateCompetence(Record, table=True):
    """A SUWI competence somebody has; the level is 1 (is learning it), 2 (can do it) or 3 (is strong in it)."""

    __table_args__ = (
        UniqueConstraint("candidate_id", "code"),
        Index(None, "code", "candidate_id"),
        CheckConstraint("level BETWEEN 1 AND 3", name="level_range"),
    )

    candidate_id: int = Field(foreign_key="candidate.id")
    code: str = Field(max_length=8)
    level: int = 2


class Tile(LabelledEnum):
    """Parts of the guidance of job seekers (Werklandschap, VNG): in no fixed order, and each as often as needed."""

    REPORT = "report", N_("First report")
    DIAGNOSE = "diagnose", N_("Diagnosis")
    SOCIALLY_FIT = "socially_fit", N_("Socially fit")
    ORIENTATION = "orientation", N_("Orientation")
    WORK_FIT = "work_fit", N_("Fit for work")
    TRAINING = "training", N_("Learning")
    MEDIATION = "mediation", N_("Mediation")
    PLACEMENT = "placement", N_("Placement")
    AFTERCARE = "aftercare", N_("Aftercare")


class CoachingForm(LabelledEnum):
    ONE_ON_ONE = "one_on_one", N_("One on one")
    GROUP = "group", N_("In a group")
    NETWORK_CAFE = "network_cafe", N_("Network café")
    PEER = "peer", N_("With a peer coach")


class ServiceStep(Versioned, table=True):
    """Something that is done with a job seeker, or planned for a day."""

    candidate_id: int = Field(foreign_key="candidate.id", index=True)
    tile: Tile = Field(sa_type=text_enum(Tile))
    form: CoachingForm | None = Field(default=None, sa_type=text_enum(CoachingForm))
    day: date
    done: bool = False
    note: str = Field(default="", max_length=300)
    made_by_id: int = Field(foreign_key="app_user.id")


class SuccessMoment(Versioned, table=True):
    """Something that went well, in the job seeker's own words; `may_share` is what they said about this one."""

    candidate_id: int = Field(foreign_key="candidate.id", index=True)
    day: date
    words: str = Field(max_length=1000)
    may_share: bool = False
    made_by_id: int = Field(foreign_key="app_user.id")


class OutcomeKind(LabelledEnum):
    FOUND_WORK = "found_work", N_("Found work by themselves")
    PLACEMENT = "placement", N_("Placed by us")
    TRAINING = "training", N_("Started a training")
    VOLUNTEERING = "volunteering", N_("Volunteer work")
    OWN_BUSINESS = "own_business", N_("Own business")
    LOOKED_ALONG = "looked_along", N_("Looked along for a day")
    ODD_JOB = "odd_job", N_("Did an odd job")
    STOPPED = "stopped", N_("Stopped")


class CandidateOutcome(Record, table=True):
    """What came of it for somebody, whether it was meant or not."""

    candidate_id: int = Field(foreign_key="candidate.id", index=True)
    kind: OutcomeKind = Field(sa_type=text_enum(OutcomeKind))
    day: date = Field(index=True)
    note: str = Field(default="", max_length=300)
    made_by_id: int | None = Field(default=None, foreign_key="app_user.id")


class CompetenceSheet(Versioned, table=True):
    """What is on somebody's sheet for employers besides what is known of them."""

    candidate_id: int = Field(foreign_key="candidate.id", unique=True)
    examples: list[str] = Field(default_factory=list, sa_type=JSON)
