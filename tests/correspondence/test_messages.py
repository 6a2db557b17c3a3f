"""A kind of message has words, a table says who is told, every delivery is a row that keeps its failures."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core import mail
from django.urls import reverse
from django.utils import timezone

from access.models import Membership, User
from access.roles import CaseRole, Role
from correspondence import api, messages
from correspondence.messages import deliver_mail, message_kind
from correspondence.models import Message, MessageRule
from tests.factories.access import make_actor
from tests.sample.factories import decide, open_matter, people

pytestmark = pytest.mark.django_db

HANDLER, CLERK = (CaseRole.INSURER, Role.INSURER_HANDLER), (CaseRole.USE_MANAGER, Role.MANAGER_CLERK)


@pytest.fixture(scope="module", autouse=True)
def kind():
    message_kind(
        "sample.decided",
        subject="{reference} 已核定 {amount}",
        text="{title}，核定 {amount}。",
        default=((*CLERK, "in_app"), (*CLERK, "mail"), (*HANDLER, "in_app")),
    )
    yield
    messages._kinds.pop("sample.decided")


@pytest.fixture
def parties():
    return people()


@pytest.fixture
def event(parties):
    clerk, handler = parties
    User.objects.filter(pk=clerk.user_id).update(email="clerk@example.org")
    return decide(open_matter(clerk, handler), handler)


def told(**fields):
    return {(m.recipient_id, m.channel) for m in Message.objects.filter(**fields)}


def test_the_default_table_tells_the_parts_of_the_case_once(event, parties):
    clerk, handler = parties
    make_actor(Role.INSURER_HANDLER)  # somebody at another insurer

    assert api.send("sample.decided", event, amount="¥80.00") == 3
    api.send("sample.decided", event, amount="¥80.00")

    assert told() == {(clerk.user_id, "in_app"), (clerk.user_id, "mail"), (handler.user_id, "in_app")}
    assert Message.objects.filter(channel="in_app").first().subject == f"{event.case.reference} 已核定 ¥80.00"


def test_an_office_s_own_table_takes_the_place_of_the_default(event, parties):
    MessageRule.objects.create(kind="sample.decided", part=CaseRole.INSURER, role=Role.INSURER_HANDLER, channel="in_app")
    MessageRule.objects.create(kind="sample.decided", part=CaseRole.USE_MANAGER, role=Role.MANAGER_CLERK, channel="mail", is_active=False)

    api.send("sample.decided", event, amount="¥80.00")

    assert told() == {(parties[1].user_id, "in_app")}


def test_whoever_left_is_told_nothing(event, parties):
    Membership.objects.filter(user_id=parties[0].user_id).update(until=timezone.localdate())

    api.send("sample.decided", event, amount="¥80.00")

    assert told() == {(parties[1].user_id, "in_app")}


def test_mail_goes_out_once_with_the_address_of_the_case(event):
    api.send("sample.decided", event, amount="¥80.00")

    assert (deliver_mail(), deliver_mail()) == (1, 0)
    (letter,) = mail.outbox
    assert letter.to == ["clerk@example.org"]
    assert f"/cases/{event.case.reference}/" in letter.body
    assert Message.objects.get(channel="mail").status == Message.Status.SENT


def test_a_failed_delivery_keeps_its_reason_and_is_tried_again_later(event, settings):
    settings.EMAIL_BACKEND = "tests.correspondence.broken.Backend"
    api.send("sample.decided", event, amount="¥80.00")

    assert deliver_mail() == 0
    row = Message.objects.get(channel="mail")
    assert (row.status, row.attempts, row.last_error) == ("pending", 1, "OSError: the mail server is away")
    assert row.next_attempt_at > timezone.now()
    assert deliver_mail() == 0 and Message.objects.get(pk=row.pk).attempts == 1  # not before its time

    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    Message.objects.filter(pk=row.pk).update(next_attempt_at=timezone.now() - timedelta(seconds=1))
    assert deliver_mail() == 1


def test_delivery_gives_up_in_the_end_and_says_so(event, settings):
    settings.EMAIL_BACKEND = "tests.correspondence.broken.Backend"
    api.send("sample.decided", event, amount="¥80.00")
    for _ in range(messages.GIVE_UP_AFTER):
        Message.objects.filter(channel="mail").update(next_attempt_at=timezone.now() - timedelta(seconds=1))
        deliver_mail()

    assert Message.objects.get(channel="mail").status == Message.Status.FAILED


def test_somebody_without_an_address_is_a_failure_at_once(event, parties):
    User.objects.filter(pk=parties[0].user_id).update(email="")
    api.send("sample.decided", event, amount="¥80.00")

    deliver_mail()

    assert Message.objects.get(channel="mail").status == Message.Status.FAILED


def test_the_message_page_shows_one_s_own_and_marks_them_read(client, event, parties):
    api.send("sample.decided", event, amount="¥80.00")
    client.force_login(User.objects.get(pk=parties[0].user_id))
    address = reverse("correspondence:inbox")

    assert "已核定 ¥80.00" in client.get(address).content.decode()
    client.post(address)

    assert Message.objects.filter(recipient_id=parties[0].user_id, channel="in_app", read_at=None).count() == 0
    assert Message.objects.filter(recipient_id=parties[1].user_id, read_at=None).count() == 1


def test_every_kind_has_words_and_somebody_to_tell():
    for declared in messages.kinds().values():
        assert str(declared.subject) and str(declared.text), declared.code
        assert declared.default, declared.code


def test_the_operator_sees_what_failed_and_sends_it_again(client, event, parties):
    User.objects.filter(pk=parties[0].user_id).update(email="")
    api.send("sample.decided", event, amount="80.00")
    deliver_mail()
    failed = Message.objects.get(channel="mail")
    assert failed.status == "failed"
    operator, stranger = make_actor(Role.OPERATOR), parties[0]

    client.force_login(User.objects.get(pk=stranger.user_id))
    assert client.post(reverse("correspondence:try_again", args=[failed.pk])).status_code == 404

    client.force_login(User.objects.get(pk=operator.user_id))
    assert "no mail address" in client.get(reverse("casework:operator")).text
    client.post(reverse("correspondence:try_again", args=[failed.pk]))
    assert Message.objects.get(pk=failed.pk).status == "pending"
