"""The calculator pages in a browser: on a phone, without signing in, while typing and without a script."""

from __future__ import annotations

import pytest
from axe_playwright_python.sync_playwright import Axe

from config.calculator_catalogue import FORMS

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def fits(page):
    return page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")


def faults(page):
    found = Axe().run(page).response["violations"]
    return [f"{v['id']}: {v['nodes'][0]['html'][:120]}" for v in found if v["impact"] in ("serious", "critical")]


@pytest.mark.parametrize("window", ["desk", "phone"])
def test_every_calculator_fits_its_width_and_has_no_serious_fault(window, request):
    page = request.getfixturevalue(window)
    page.goto("/calculators/")
    assert fits(page) and faults(page) == []

    for name in FORMS:
        page.goto(f"/calculators/{name}/")
        page.locator(".tb-actions a", has_text=str(FORMS[name].examples[0][0])).click()
        page.locator("#json-sent").wait_for(state="attached")
        assert fits(page), name
        assert faults(page) == [], name


def test_on_a_phone_the_answer_follows_the_typing_and_its_address_can_be_passed_on(phone, open_window):
    phone.goto("/calculators/injury/")
    phone.get_by_label("和解日或法庭辩论终结日").fill("2022-08-01")
    phone.get_by_label("法院所在地").fill("440100")
    phone.locator("#f-outcome").select_option("disability")
    phone.locator("#f-grades-0-grade").select_option("9")
    phone.get_by_label("周岁").fill("x")
    phone.locator("#f-age-e", has_text="要填整数").wait_for()
    assert phone.get_by_label("周岁").input_value() == "x"
    phone.get_by_label("周岁").fill("62")
    phone.locator("#answer .tb-big", has_text="197,474.40").wait_for()
    assert phone.locator("#f-age-e").inner_text() == ""

    phone.get_by_role("button", name="+ 加一行").last.click()  # a row more keeps everything
    assert phone.get_by_label("周岁").input_value() == "62"
    assert phone.locator("#answer .tb-caps").inner_text() == "人民币壹拾玖万柒仟肆佰柒拾肆元肆角"
    phone.get_by_label("还要扶养几年").first.fill("10")
    phone.get_by_label("扶养人共几人").first.fill("2")
    phone.locator("#answer .tb-big", has_text="234,095.40").wait_for()

    other = open_window()
    other.goto(phone.url)
    assert other.locator("#answer .tb-big").inner_text() == "234,095.40"
    other.locator("#answer summary", has_text="怎么来的").first.click()
    assert "54854.00 元 × 18 年 × 20%" in other.locator("#answer").inner_text()


def test_without_a_script(open_window):
    page = open_window(java_script_enabled=False)
    page.goto("/calculators/recourse/")
    page.get_by_label("损失总额").fill("100")
    page.get_by_role("button", name="+ 加一行").click()
    page.get_by_label("哪一方").nth(0).fill("甲")
    page.get_by_label("责任比例").nth(0).fill("1/4")
    page.get_by_label("已付给受害人").nth(0).fill("100")
    page.get_by_label("身份").nth(0).select_option("claimant")
    page.get_by_label("哪一方").nth(1).fill("乙")
    page.get_by_label("责任比例").nth(1).fill("3/4")
    page.get_by_role("button", name="算", exact=True).click()

    assert page.locator("#answer .tb-big").inner_text() == "75.00"
