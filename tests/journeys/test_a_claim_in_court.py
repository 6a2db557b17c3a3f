"""A clerk sends a claim to court, records hearing and judgment with the paper, and the claim ends right."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.utils import timezone

from casework.outbox import drain
from claims.models import Claim
from demonstration import papers
from disputes.models import Litigation
from tests.factories.claims import assess, follow, make_house, make_injury

pytestmark = [pytest.mark.browser, pytest.mark.pdf, pytest.mark.django_db(transaction=True)]

MONTHS_AGO = 60 * 24 * 60  # minutes
COURT = "广州市海珠区人民法院"


@pytest.fixture
def house(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "media"
    return make_house()


def day(days):
    return (timezone.localdate() + timezone.timedelta(days)).isoformat()


def confirm(page, label, shows):
    """The page that asks once more and shows what is at stake; then the case, changed."""
    page.get_by_role("button", name="下一步：核对").click()
    page.locator("main").get_by_text(shows).first.wait_for()
    page.get_by_role("button", name=f"确认{label}").click()
    page.get_by_text(f"已办：{label}").first.wait_for()


def test_from_the_table_to_court_and_back_with_a_judgment(house, desk, enter, tmp_path):
    claim = assess(make_injury(house, started=MONTHS_AGO), house.clerk)
    follow()
    enter(desk, house.clerk)

    desk.goto(f"/cases/{claim.reference}/sue/")
    desk.get_by_label("法院").fill(COURT)
    desk.get_by_label("案号").fill("（2026）粤0105民初0000号")
    desk.get_by_label("诉讼请求金额").fill("20,000")
    desk.get_by_label("立案日").fill(day(-40))
    desk.get_by_label("收到起诉状的日期").fill(day(-38))
    desk.get_by_role("button", name="登记诉讼").click()
    desk.get_by_text("已办：登记诉讼").first.wait_for()
    drain()

    desk.get_by_role("link", name="纠纷").click()
    suit = Litigation.objects.get(parent_id=claim.pk)
    desk.get_by_role("link", name=suit.title).click()
    desk.get_by_role("heading", name="诉讼", exact=True).wait_for()

    desk.goto(f"/cases/{suit.reference}/record_hearing/")
    desk.get_by_label("开庭日期").fill(day(-28))
    desk.get_by_label("到庭人员").fill("双方当事人和代理人")
    desk.get_by_label("庭审要点").fill("争议焦点是误工期")
    desk.get_by_role("button", name="登记庭审").click()
    desk.get_by_text("已办：登记庭审").first.wait_for()

    judgment = tmp_path / "judgment.pdf"
    judgment.write_bytes(papers.slip(("Judgment",)))
    desk.goto(f"/cases/{suit.reference}/record_judgment/")
    desk.locator("#file-judgment").set_input_files(judgment)
    assert desk.get_by_label("代谁记录").input_value() == COURT
    desk.get_by_label("判决总额").fill("15,000.00")
    desk.get_by_label("文书编号").fill("（2026）粤0105民初0000号判决书")
    desk.get_by_label("判决日期").fill(day(-26))
    desk.get_by_label("送达日期").fill(day(-25))
    confirm(desk, "登记判决", "15,000.00")
    drain()
    assert Claim.objects.get(pk=claim.pk).state == "litigated", "the appeal period decides when it stands"

    desk.goto(f"/cases/{suit.reference}/take_effect/")
    desk.get_by_label("生效日期").fill(day(-5))
    confirm(desk, "登记裁判生效", "判令赔偿")
    drain()
    claim = Claim.objects.get(pk=claim.pk)
    assert (claim.state, claim.owed, claim.fixed_by) == ("liability_fixed", Decimal("15000.00"), "judgment")

    desk.goto(f"/cases/{claim.reference}/")
    panel = desk.locator("#disputes")
    panel.get_by_text("判令赔偿或者给付").wait_for()
    panel.get_by_text("15,000.00").wait_for()
    desk.get_by_text("责任已确定").first.wait_for()
