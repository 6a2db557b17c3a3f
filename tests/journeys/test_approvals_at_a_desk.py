"""What the system computed is confirmed, approved and paid by three people at their desks, from the demonstration's own accounts."""

from __future__ import annotations

import re
from datetime import timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from casework.outbox import drain
from claims.models import Claim
from demonstration import accounts, papers, stories
from demonstration.stories import entrapment
from ledger.models import PaymentOrder

pytestmark = [pytest.mark.browser, pytest.mark.pdf, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def claim(settings, tmp_path):
    """One passenger held for 52 minutes last night, assessed by the system."""
    settings.MEDIA_ROOT = tmp_path / "media"
    settings.SECOND_FACTOR_ENFORCED = True
    begins = (timezone.localtime() - timedelta(days=1)).replace(second=0, microsecond=0)
    stage = stories.own_stage(begins, entrapment_minutes=40, entrapment_amount=Decimal("200.00"))
    for mark in entrapment.play(stage, people=entrapment.PEOPLE[:1]):
        if mark == "assessed":
            break
    return Claim.objects.get(parent_id=stage.root.pk)


@pytest.fixture
def at_desk(open_window):
    """at_desk(username): a window of one's own, signed in as the sign-in page of the demonstration offers it."""

    def sit_down(username):
        page = open_window()
        page.goto(f"/sign-in/?account={username}")
        page.get_by_label("用户名").fill(username)
        page.get_by_label("密码").fill(accounts.PASSWORD)
        page.get_by_role("button", name="登录").click()
        if page.url.endswith("/sign-in/code/"):
            code = re.search(r"\b(\d{3}) ?(\d{3})\b", page.locator("main").inner_text())
            page.get_by_label("6 位动态口令").fill("".join(code.groups()))
            page.get_by_role("button", name="继续").click()
        page.get_by_role("heading", name="我的待办").wait_for()
        return page

    return sit_down


def confirm(page, label, shows="200.00"):
    """The page that asks once more and shows what is at stake; then the case, changed."""
    page.get_by_role("button", name="下一步：核对").click()
    page.locator("main").get_by_text(shows).first.wait_for()
    page.get_by_role("button", name=f"确认{label}").click()
    page.get_by_text(f"已办：{label}").first.wait_for()


def test_confirmed_approved_released_and_paid_each_by_another(claim, at_desk, tmp_path):
    manager = at_desk("zheng")
    manager.get_by_role("link", name="确认困人补偿").click()
    confirm(manager, "确认困人补偿")
    drain()

    handler = at_desk("chen")
    handler.get_by_role("link", name="复核通过").click()
    confirm(handler, "复核通过")
    drain()
    order = PaymentOrder.objects.get()
    assert (order.amount, order.payee_name, order.state) == (Decimal("200.00"), "黄桂芬", "proposed")

    cashier = at_desk("li")
    cashier.get_by_role("link", name="放行付款").click()
    cashier.get_by_label("户名、开户行、账号已和书面材料逐项核对").check()
    confirm(cashier, "放行付款", "黄桂芬")
    drain()

    voucher = tmp_path / "voucher.pdf"
    voucher.write_bytes(papers.slip(("Bank voucher",)))
    cashier.goto(f"/cases/{order.reference}/mark_paid/")
    cashier.get_by_label("凭证号").fill("HD-2026-0001")
    cashier.locator("#file-voucher").set_input_files(voucher)
    confirm(cashier, "登记已付")
    drain()
    claim.refresh_from_db()
    assert (claim.state, claim.proven) == ("victim_paid", Decimal("200.00"))
