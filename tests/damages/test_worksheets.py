from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from django.db import DatabaseError, IntegrityError, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from access.roles import Role
from casework.errors import FactsRefused, NotPermitted
from damages import api
from damages.models import TypedBase, Worksheet, WorksheetLine
from damages.services import summed
from tests.factories.access import make_actor
from tests.factories.ledger import make_payer, make_root

pytestmark = pytest.mark.django_db

SHENZHEN = "440300"


@pytest.fixture
def case():
    return make_root(make_payer())


@pytest.fixture
def clerk():
    return make_actor(Role.MANAGER_CLERK)


def entered(**changes) -> api.WorksheetInput:
    facts = {
        "outcome": "disability",
        "law_date": date(2022, 8, 1),
        "accident_on": date(2022, 5, 20),
        "place": "440100",
        "age": 62,
        "grades": (9,),
        "heads": (api.HeadInput("medical", amount=Decimal("48105.75"), asked=Decimal("50000.00"), bills=11),),
    }
    return api.WorksheetInput(**{**facts, **changes})


def test_a_worksheet_computes_each_head_with_its_formula_and_provisions(case, clerk):
    sheet = api.save(case_id=case.pk, entered=entered(), by=clerk)

    medical, disability = sheet.lines
    assert (medical.label, medical.asked, medical.assessed, medical.bills) == ("医疗费", Decimal("50000.00"), Decimal("48105.75"), 11)
    assert (disability.code, disability.assessed) == ("disability_compensation", Decimal("197474.40"))
    assert disability.formula
    assert any("第十二条" in provision for provision in disability.provisions)
    assert sheet.total == sheet.known_total == Decimal("245580.15")
    assert (sheet.version, sheet.asked_total, sheet.created_by) == (1, Decimal("50000.00"), clerk.name)


def test_a_rate_times_a_quantity_is_its_own_formula(case, clerk):
    heads = (api.HeadInput("lost_income", rate=Decimal("120.00"), quantity=75),)
    sheet = api.save(case_id=case.pk, entered=entered(outcome="injury", grades=(), heads=heads), by=clerk)

    (line,) = sheet.lines
    assert (line.assessed, line.formula) == (Decimal("9000.00"), "120.00 元 × 75 天")


def test_a_new_version_says_why_and_the_old_one_stays(case, clerk):
    first = api.save(case_id=case.pk, entered=entered(), by=clerk)
    with pytest.raises(FactsRefused) as refusal:
        api.save(case_id=case.pk, entered=entered(grades=(8,)), by=clerk)
    second = api.save(case_id=case.pk, entered=entered(grades=(8,)), by=clerk, reason="鉴定意见改为八级")

    assert list(refusal.value.errors) == ["reason"]
    assert [v.version for v in api.versions(case.pk)] == [2, 1]
    assert api.version(first.id) == first
    assert api.current(case.pk) == second
    assert second.total == first.total + Decimal("98737.20")


def test_the_database_keeps_versions_as_they_were_written(case, clerk):
    sheet = api.save(case_id=case.pk, entered=entered(), by=clerk)
    for write in (
        lambda: Worksheet.objects.filter(pk=sheet.id).update(reason="改"),
        lambda: WorksheetLine.objects.filter(worksheet_id=sheet.id).update(assessed=Decimal("1.00")),
        lambda: Worksheet.objects.filter(pk=sheet.id).delete(),
    ):
        with pytest.raises((DatabaseError, IntegrityError)), transaction.atomic():
            write()
    with pytest.raises(IntegrityError), transaction.atomic():
        Worksheet.objects.create(
            case_id=case.pk,
            version=9,
            law_date=sheet.law_date,
            accident_on=sheet.accident_on,
            place="440100",
            total=Decimal("2.00"),
            known_total=Decimal("1.00"),
            asked_total=Decimal(0),
            law_release="x",
            created_by_name="x",
        )


def test_a_figure_the_law_lacks_leaves_the_total_open_until_two_people_supply_it(case, clerk):
    late = entered(law_date=date(2025, 9, 1), accident_on=date(2025, 6, 1), place=SHENZHEN)
    sheet = api.save(case_id=case.pk, entered=late, by=clerk)
    assert (sheet.total, sheet.known_total) == (None, Decimal("48105.75"))
    assert not sheet.is_complete
    assert "残疾赔偿金" in sheet.missing[0]

    base = api.type_base(
        case_id=case.pk,
        name="income_base",
        amount=Decimal("81123.00"),
        notice_number="测试〔2025〕1号",
        source="测试公报",
        published_on=date(2025, 7, 1),
        by=clerk,
    )
    assert api.compute(case_id=case.pk, entered=late).total is None
    with pytest.raises(NotPermitted):
        api.confirm_base(base_id=base, by=clerk)
    api.confirm_base(base_id=base, by=make_actor(Role.MANAGER_APPROVER))

    whole = api.save(case_id=case.pk, entered=late, by=clerk, reason="补录标准")
    assert whole.total == Decimal("48105.75") + Decimal("81123.00") * 18 * Decimal("0.2")
    assert any("测试〔2025〕1号" in str(line) for line in whole.lines)


def test_the_database_refuses_one_person_in_both_roles(case, clerk):
    with pytest.raises(IntegrityError), transaction.atomic():
        TypedBase.objects.create(
            case_id=case.pk,
            name="income_base",
            amount=Decimal("1.00"),
            notice_number="x",
            source="x",
            published_on=date(2025, 7, 1),
            typed_by_id=clerk.user_id,
            confirmed_by_id=clerk.user_id,
            confirmed_at="2025-07-02T00:00:00+08:00",
        )


def test_a_second_figure_replaces_the_first_and_needs_its_own_confirmation(case, clerk):
    args = {"case_id": case.pk, "name": "income_base", "notice_number": "n", "source": "s", "published_on": date(2025, 7, 1), "by": clerk}
    first = api.type_base(amount=Decimal("80000.00"), **args)
    api.confirm_base(base_id=first, by=make_actor(Role.MANAGER_APPROVER))
    api.type_base(amount=Decimal("81000.00"), **args)

    (living,) = api.typed_bases(case.pk)
    assert (living.amount, living.is_confirmed) == (Decimal("81000.00"), False)


@pytest.mark.parametrize(
    ("field", "changes"),
    [
        ("medical-amount", {"heads": (api.HeadInput("medical", amount=Decimal("-0.01")),)}),
        ("nursing-rate", {"heads": (api.HeadInput("nursing", rate=Decimal("100.00")),)}),
        ("nursing-quantity", {"heads": (api.HeadInput("nursing", rate=Decimal("100.00"), quantity=-1),)}),
        ("grades", {"grades": ()}),
        ("grades", {"grades": (11,)}),
        ("age", {"age": None}),
        ("age", {"age": 131}),
        ("law_date", {"law_date": date(2022, 5, 19)}),
        ("heads", {"heads": (api.HeadInput("medical"), api.HeadInput("medical"))}),
        ("gold", {"heads": (api.HeadInput("gold", amount=Decimal("1.00")),)}),
    ],
)
def test_bad_input_is_named_by_its_field(case, clerk, field, changes):
    with pytest.raises(FactsRefused) as refusal:
        api.save(case_id=case.pk, entered=entered(**changes), by=clerk)
    assert list(refusal.value.errors) == [field]
    assert api.current(case.pk) is None


def test_entrapment_money_is_a_worksheet_of_one_head(case, clerk):
    sheet = api.save_entrapment(
        case_id=case.pk,
        per_person=Decimal("200.00"),
        people=3,
        total=Decimal("600.00"),
        provisions=("保单",),
        inputs={"minutes": "52"},
        accident_on=date(2022, 3, 1),
        place="440105",
        by=clerk,
    )
    (line,) = sheet.lines
    assert (line.label, line.formula, line.assessed, sheet.total) == ("困人补偿", "200.00 元 × 3 人", Decimal("600.00"), Decimal("600.00"))


amounts = st.decimals(min_value=0, max_value=10**8, places=2)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.dictionaries(st.sampled_from(["medical", "nursing", "transport", "nutrition", "other"]), st.tuples(amounts, amounts), min_size=1))
def test_totals_are_the_sums_of_their_lines(case, clerk, heads):
    given_heads = tuple(api.HeadInput(code, amount=assessed, asked=asked) for code, (assessed, asked) in heads.items())
    sheet = api.save(case_id=case.pk, entered=entered(outcome="injury", grades=(), heads=given_heads), by=clerk, reason="又一版")
    assert sheet.total == sum(line.assessed for line in sheet.lines) == sum(a for a, _ in heads.values())
    assert sheet.asked_total == sum(asked for _, asked in heads.values())
    assert summed([]).total == Decimal("0.00")
