"""A real browser before the real pages: one Chromium for the run, fresh contexts at the two widths we promise."""

from __future__ import annotations

import os
import shutil

import pytest

from access.models import User

os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")  # the browser's own loop runs in this thread
DESK, PHONE = {"width": 1440, "height": 900}, {"width": 390, "height": 844}
QUIET = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update", "--disable-sync"]
PASSWORD = "a-long-test-password"


@pytest.fixture(scope="session")
def chromium():
    """One browser process; skipped where there is none (script/test says so loudly)."""
    from playwright.sync_api import sync_playwright

    path = os.environ.get("TIBAO_CHROMIUM") or shutil.which("chromium")
    if not path:
        pytest.skip("no chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=QUIET)
        yield browser
        browser.close()


@pytest.fixture
def open_window(chromium, live_server):
    """open_window(width) -> a page of its own session; fails the test on a script error."""
    contexts, wrong = [], []

    def window(size=DESK, **options):
        context = chromium.new_context(viewport=size, locale="zh-CN", base_url=live_server.url, **options)
        page = context.new_page()
        page.on("pageerror", lambda error: wrong.append(str(error)))
        contexts.append(context)
        return page

    yield window
    for context in contexts:
        context.close()
    assert wrong == []


@pytest.fixture
def desk(open_window):
    return open_window(DESK)


@pytest.fixture
def phone(open_window):
    return open_window(PHONE, has_touch=True)


@pytest.fixture
def enter():
    """enter(page, actor) signs the person of an actor in through the form, second factor included."""
    from access import second_factor

    def walk_in(page, actor):
        user = User.objects.get(pk=actor.user_id)
        if second_factor.is_needed(user) and not second_factor.has_one(user):
            second_factor.enrol(user, second_factor.new_secret())
        page.goto("/sign-in/")
        page.get_by_label("用户名").fill(user.username)
        page.get_by_label("密码").fill(PASSWORD)
        page.get_by_role("button", name="登录").click()
        if page.url.endswith("/sign-in/code/"):
            page.get_by_label("6 位动态口令").fill(second_factor.current_code(user))
            page.get_by_role("button", name="继续").click()
        return page

    return walk_in
