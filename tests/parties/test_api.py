from __future__ import annotations

from datetime import date

import pytest
from django.core.exceptions import ValidationError
from django.db import DatabaseError, connection, transaction

from access.roles import Role
from parties import api
from parties.models import Party, PartyLog, PayeeAccount
from tests.factories.access import make_actor, make_organisation

pytestmark = pytest.mark.django_db
NUMBER = "360426199101010071"


def test_a_person_is_shown_masked_and_stored_encrypted():
    ref = api.register_person("黄秀芬", id_number=NUMBER, phone="138 1234 1234", address="榕岸花园 3 栋 502")

    assert (ref.masked_name, ref.masked_id, ref.masked_phone) == ("黄*芬", "360426********0071", "138****1234")
    with connection.cursor() as cursor:
        cursor.execute("SELECT id_number, phone, address FROM parties_party WHERE id = %s", [ref.id])
        stored = "".join(cursor.fetchone())
    assert NUMBER not in stored and "13812341234" not in stored and "榕岸" not in stored
    assert api.party(ref.id).birth_date == date(1991, 1, 1)
    assert api.party(ref.id).sex == "male"


def test_the_same_number_is_found_without_reading_it():
    first = api.register_person("黄秀芬", id_number=NUMBER)
    second = api.register_person("黄秀芬", id_number=NUMBER.lower(), phone="13812341234")

    assert api.find_by_id_number(NUMBER) == (first.id, second.id)
    assert api.find_by_phone("+86 138 1234 1234") == (second.id,)
    with pytest.raises(TypeError):
        Party.objects.filter(id_number=NUMBER).count()


def test_all_faults_of_a_person_are_named_by_field_at_once():
    with pytest.raises(ValidationError) as refusal:
        api.register_person("<script>", id_number="36042619910102009X", phone="1381234123", birth_date=date(2090, 1, 1))

    assert set(refusal.value.message_dict) == {"name", "id_number", "phone", "birth_date"}
    assert not Party.objects.exists()


def test_birth_date_and_number_must_agree():
    with pytest.raises(ValidationError) as refusal:
        api.register_person("黄秀芬", id_number=NUMBER, birth_date=date(1991, 1, 2))

    assert set(refusal.value.message_dict) == {"birth_date"}


def test_an_unknown_person_has_a_description_and_is_identified_later():
    unknown = api.register_person(description="穿红衣的女士")
    known = api.identify(unknown.id, name="黄秀芬", id_number=NUMBER, reason="家属到场")

    assert (unknown.is_unknown, unknown.masked_name) == (True, "穿红衣的女士")
    assert (known.is_unknown, known.masked_name, known.masked_id) == (False, "黄*芬", "360426********0071")
    assert [line.act for line in api.log_of(known.id)] == ["补正身份", "登记"]
    with pytest.raises(ValidationError):
        api.register_person()


def test_the_same_hospital_is_one_party():
    first = api.register_organisation("海珠区第四医院", uscc="91440300708461136T")
    again = api.register_organisation("海珠区第四人民医院", uscc="91440300708461136t")

    assert first == again
    with pytest.raises(ValidationError):
        api.register_organisation("别的医院", uscc="91440300708461136A")


def test_an_agent_needs_the_last_day_of_the_power_of_attorney():
    injured, agent = api.register_person("黄秀芬"), api.register_person("黄建国")

    with pytest.raises(ValidationError):
        api.relate(injured.id, agent.id, "agent")
    api.relate(injured.id, agent.id, "agent", until=date(2026, 12, 31), powers="代为领取赔款")

    relation = api.party(injured.id, on=date(2027, 1, 1)).relations[0]
    assert (relation.kind, relation.other.id, relation.is_in_force) == ("agent", agent.id, False)
    assert api.party(injured.id, on=date(2026, 12, 31)).relations[0].is_in_force


def test_an_account_is_confirmed_by_a_second_person():
    company = make_organisation()
    adder, second = (make_actor(Role.MANAGER_CLERK, organisation=company) for _ in range(2))
    injured = api.register_person("黄秀芬")

    account = api.add_account(injured.id, bank="招商银行", number="6225 8812 3456 4417", by=adder)
    with pytest.raises(ValidationError) as own:
        api.confirm_account(account.id, by=adder)
    confirmed = api.confirm_account(account.id, by=second)

    assert (account.masked, account.is_usable, own.value.code) == ("尾号 4417", False, "second_person")
    assert confirmed.is_usable
    assert api.payee(account.id) == api.Payee("黄秀芬", "尾号 4417", account.id, "招商银行")


def test_a_changed_account_takes_the_place_of_the_earlier_and_waits_again():
    company = make_organisation()
    adder, second = (make_actor(Role.MANAGER_CLERK, organisation=company) for _ in range(2))
    injured = api.register_person("黄秀芬")
    first = api.confirm_account(api.add_account(injured.id, bank="招商银行", number="6225881234564417", by=adder).id, by=second)

    same = api.add_account(injured.id, bank="招商银行", number="6225881234564417", by=second)
    later = api.add_account(injured.id, bank="工商银行", number="6222020000000086", by=second)

    assert same.id == first.id
    assert not api.account(first.id).is_usable
    assert (later.is_confirmed, api.party(injured.id).account) == (False, later)
    with pytest.raises(ValidationError):
        api.confirm_account(later.id, by=second)
    assert api.confirm_account(later.id, by=adder).is_usable


def test_an_account_in_another_name_needs_a_word_why():
    adder, second = make_actor(Role.MANAGER_CLERK), make_actor(Role.MANAGER_APPROVER)
    injured = api.register_person("黄秀芬")
    account = api.add_account(injured.id, bank="招商银行", number="6225881234564417", holder="黄建国", by=adder)

    with pytest.raises(ValidationError) as refusal:
        api.confirm_account(account.id, by=second)
    confirmed = api.confirm_account(account.id, by=second, note="监护人账户，户口本已核对")

    assert account.holder_differs and "note" in refusal.value.message_dict
    assert confirmed.is_usable


def test_full_data_is_shown_for_a_reason_and_the_look_is_logged():
    ref = api.register_person("黄秀芬", id_number=NUMBER)
    officer = make_actor(Role.MANAGER_CLERK, name="陈思敏")
    account = api.add_account(ref.id, bank="招商银行", number="6225881234564417", by=officer)

    with pytest.raises(ValidationError):
        api.reveal(ref.id, by=officer, reason=" ")
    full = api.reveal(ref.id, by=officer, reason="填写理赔申请书")
    number = api.reveal_account(account.id, by=officer, reason="网银录入")

    assert (full.id_number, number) == (NUMBER, "6225881234564417")
    looks = [line for line in api.log_of(ref.id) if line.act == "查看完整资料"]
    assert [(line.actor_name, line.fields, line.reason) for line in looks] == [
        ("陈思敏", ("account",), "网银录入"),
        ("陈思敏", ("name", "id_number", "birth_date"), "填写理赔申请书"),
    ]


def refused(statement, *values):
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement, values)


def test_the_database_itself_refuses_to_bend_accounts_and_log():
    adder, second = make_actor(Role.MANAGER_CLERK), make_actor(Role.MANAGER_CLERK)
    ref = api.register_person("黄秀芬")
    account = api.add_account(ref.id, bank="招商银行", number="6225881234564417", by=adder)
    own = "UPDATE parties_payeeaccount SET confirmed_by_id = %s, confirmed_at = now() WHERE id = %s"

    refused("UPDATE parties_payeeaccount SET last4 = '0000' WHERE id = %s", account.id)
    refused("UPDATE parties_payeeaccount SET number = 'x' WHERE id = %s", account.id)
    refused(own, adder.user_id, account.id)
    api.confirm_account(account.id, by=second)
    refused("UPDATE parties_payeeaccount SET confirmed_by_id = NULL, confirmed_at = NULL WHERE id = %s", account.id)
    refused("DELETE FROM parties_payeeaccount WHERE id = %s", account.id)
    refused("UPDATE parties_partylog SET reason = ''")
    refused("DELETE FROM parties_partylog")
    refused("DELETE FROM parties_party WHERE id = %s", ref.id)

    assert PayeeAccount.objects.get(pk=account.id).number == "6225881234564417"
    assert PartyLog.objects.count() == 3


def test_one_organisations_account_of_a_hospital_does_not_replace_anothers():
    mine, theirs = make_actor(Role.MANAGER_CLERK), make_actor(Role.MANAGER_CLERK)
    colleague = make_actor(Role.MANAGER_APPROVER, organisation=make_organisation_of(mine))
    hospital = api.register_organisation("海珠区第五医院", by=mine)
    account = api.add_account(hospital.id, bank="招商银行", number="6225881234564417", by=mine)

    other = api.add_account(hospital.id, bank="工商银行", number="6222020000000086", by=theirs)

    assert api.confirm_account(account.id, by=colleague).is_confirmed
    assert api.account(account.id).is_usable and api.account(other.id).is_current
    assert [a.id for a in api.accounts_of(hospital.id, recorded_by=mine.organisation_id)] == [account.id]
    api.add_account(hospital.id, bank="建设银行", number="6217000000000014", by=mine)
    assert not api.account(account.id).is_current


def make_organisation_of(actor):
    from access.models import Organisation

    return Organisation.objects.get(pk=actor.organisation_id)
