"""The list of hidden jobs: sorted and paged by the database; and the file that is made of it."""

import csv
from datetime import timedelta
from io import BytesIO, StringIO

import pytest
from openpyxl import load_workbook
from sqlmodel import select

from crm.audit.models import AuditEntry
from crm.core.clock import now
from crm.core.errors import NotAllowed
from crm.followups.models import FollowUp, FollowUpKind
from crm.matching.export import FileKind, export_jobs
from crm.matching.job_list import PAGE_SIZE, Column, Sort, job_page, sortable
from crm.matching.models import Introduction
from crm.pipeline.board import NO_FILTERS
from crm.pipeline.inputs import BoardFilters
from crm.pipeline.models import Pipeline, Stage
from tests.conftest import make_candidate, make_company, make_job, statements_of

FORMULA = "=HYPERLINK(1)"
ALL_KINDS = BoardFilters(pipeline=None)


def titles(page):
    return [card.shown.title for card in page.cards]


@pytest.fixture
def two(session, coach):
    """`Aa` is less than `Bb` in whatever the list tells."""
    for name, days, hours, stage in (("Bb", 9, 20.0, Stage.EXPLORED), ("Aa", 1, 8.0, Stage.SIGNAL)):
        company = make_company(session, name=name, town=name)
        job = make_job(
            session,
            title=name,
            company_id=company.id,
            hours_per_week=hours,
            stage=stage,
            stage_since=now() - timedelta(days=days),
            owner_id=coach.id if name == "Bb" else None,
            reason="GROEI" if name == "Aa" else "PIEK",
            pipeline=Pipeline.ODD_JOB if name == "Aa" else Pipeline.WORK,
        )
        due_at = now() + timedelta(days=1 if name == "Aa" else 2)
        session.add(FollowUp(kind=FollowUpKind.CALLBACK, due_at=due_at, company_id=company.id))
    session.add(Introduction(job_id=job.id - 1, candidate_id=make_candidate(session).id, made_by_id=coach.id))
    session.flush()


class TestJobPage:
    @pytest.mark.parametrize("column", [column for column in Column if column is not Column.DAYS])
    def test_sorts_by_any_column_in_both_directions(self, session, coach, two, column):
        up, down = (titles(job_page(session, coach, ALL_KINDS, Sort(column, way))) for way in (False, True))
        if column is Column.OWNER:  # what nobody owns comes last, either way
            assert up == down == ["Bb", "Aa"]
        else:
            assert (up, down) == (["Aa", "Bb"], ["Bb", "Aa"])

    def test_an_order_that_would_tell_a_name_is_not_for_a_viewer(self, session, viewer, two):
        assert not {Column.EMPLOYER, Column.TITLE, Column.OWNER, Column.STEP} & {*sortable(viewer)}
        asked = titles(job_page(session, viewer, NO_FILTERS, Sort(Column.EMPLOYER, descending=True)))
        assert asked == titles(job_page(session, viewer, NO_FILTERS))

    def test_is_paged_and_the_last_page_is_the_last(self, session, coach):
        for _number in range(PAGE_SIZE + 1):
            make_job(session)
        first, beyond = (job_page(session, coach, NO_FILTERS, page=page) for page in (1, 99))
        assert (len(first.cards), first.total, first.pages) == (PAGE_SIZE, PAGE_SIZE + 1, 2)
        assert (len(beyond.cards), beyond.number) == (1, 2)

    def test_counts_apart_what_has_ended(self, session, coach):
        for stage in (Stage.SIGNAL, Stage.PLACED, Stage.AFTERCARE, Stage.LOST):
            make_job(session, stage=stage)
        page = job_page(session, coach, NO_FILTERS)
        assert (page.total, page.ended) == (4, 2)

    def test_is_four_queries_whatever_the_number_of_jobs(self, session, coach, two):
        with statements_of(session) as statements:
            job_page(session, coach, NO_FILTERS)
        assert len(statements) == 4


class TestExport:
    def rows(self, content):
        return list(csv.reader(StringIO(content.decode("utf-8-sig")), delimiter=";"))

    def test_has_what_the_filters_choose_and_no_more(self, session, coach, two):
        make_job(session, pipeline=Pipeline.TAKEOVER)
        head, *rows = self.rows(
            export_jobs(session, coach, BoardFilters(pipeline=Pipeline.ODD_JOB, text="aa"), FileKind.CSV)
        )
        assert [row[0] for row in rows] == ["Aa"]
        told = dict(zip(head, rows[0], strict=True))
        assert (told[Column.TOWN.label], told[Column.HOURS.label], told["Dagen in deze fase"]) == ("Aa", "8.0", "1")

    def test_names_a_stage_as_the_kind_of_work_does(self, session, coach):
        make_job(session, pipeline=Pipeline.LOOK_ALONG, stage=Stage.PLACED)
        head, row = self.rows(export_jobs(session, coach, ALL_KINDS, FileKind.CSV))
        told = dict(zip(head, row, strict=True))
        assert (told[Column.KIND.label], told[Column.STAGE.label]) == ("Meeloopdag", "Meegelopen")

    def test_no_cell_runs_as_a_formula(self, session, coach):
        make_job(session, title=FORMULA, company_id=make_company(session, name=FORMULA, town="Slie\x0bdrecht").id)
        _head, row = self.rows(export_jobs(session, coach, NO_FILTERS, FileKind.CSV))
        assert row[:3] == [f"'{FORMULA}", f"'{FORMULA}", "Sliedrecht"]
        sheet = load_workbook(BytesIO(export_jobs(session, coach, NO_FILTERS, FileKind.XLSX))).active
        assert [(cell.value, cell.data_type) for cell in sheet[2][:2]] == [(f"'{FORMULA}", "s")] * 2
        assert sheet["D2"].value == 16

    def test_the_audit_log_knows_who_took_what_along(self, session, coach, two):
        export_jobs(session, coach, BoardFilters(pipeline=None, town="Aa"), FileKind.CSV)
        entry = session.exec(select(AuditEntry).where(AuditEntry.action == "jobs.downloaded")).one()
        assert (entry.actor_id, entry.changes["rows"]) == (coach.id, [None, 1])
        assert entry.changes["chosen"] == [None, {"pipeline": None, "town": "Aa"}]

    def test_a_caller_takes_no_list_along(self, session, caller):
        with pytest.raises(NotAllowed):
            export_jobs(session, caller, NO_FILTERS, FileKind.CSV)

    def test_that_of_a_viewer_has_no_names(self, session, viewer, coach):
        company = make_company(session, name="Bakkerij Zus", town="Sliedrecht")
        make_job(session, title="Hulp bij Zus", company_id=company.id, owner_id=coach.id)
        content = export_jobs(session, viewer, NO_FILTERS, FileKind.CSV).decode("utf-8-sig")
        assert "Zus" not in content
        assert coach.name not in content
        assert "Sliedrecht" in content
