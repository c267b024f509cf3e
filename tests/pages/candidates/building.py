"""What the tests of this screen make and read."""

from crm.candidates.models import Candidate
from crm.core.db import reading, transaction
from tests.conftest import make_candidate


def save(**overrides):
    with transaction() as session:
        return make_candidate(session, **overrides)


def read(candidate_id) -> Candidate:
    with reading() as session:
        return session.get_one(Candidate, candidate_id)
