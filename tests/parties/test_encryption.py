from __future__ import annotations

import pytest
from cryptography.fernet import InvalidToken
from django.core.management import call_command
from django.db import connection

from access import encryption
from access.roles import Role
from parties import api
from tests.factories.access import make_actor

NUMBER = "360426199101010071"


def test_the_same_text_never_looks_the_same_and_digests_do():
    assert encryption.encrypt(NUMBER) != encryption.encrypt(NUMBER)
    assert encryption.decrypt(encryption.encrypt("榕岸花园")) == "榕岸花园"
    assert encryption.digest(NUMBER) == encryption.digest(NUMBER) != encryption.digest(NUMBER[:-1] + "X")
    assert encryption.digest("") == ""


def test_a_digest_cannot_be_made_without_the_key(settings):
    before = encryption.digest(NUMBER)
    settings.FIELD_ENCRYPTION_KEY = "another key"

    assert encryption.digest(NUMBER) != before


def test_without_a_key_nothing_is_stored(settings):
    settings.FIELD_ENCRYPTION_KEY = " , "

    with pytest.raises(ValueError, match="FIELD_ENCRYPTION_KEY"):
        encryption.encrypt(NUMBER)


@pytest.mark.django_db
def test_a_key_is_replaced_without_losing_anything(settings):
    settings.FIELD_ENCRYPTION_KEY = "old key"
    clerk = make_actor(Role.MANAGER_CLERK)
    person = api.register_person("黄秀芬", id_number=NUMBER, phone="13812341234")
    account = api.add_account(person.id, bank="招商银行", number="6225881234564417", by=clerk)
    api.confirm_account(account.id, by=make_actor(Role.MANAGER_APPROVER))

    settings.FIELD_ENCRYPTION_KEY = "new key,old key"
    between = api.find_by_id_number(NUMBER)
    call_command("rotate_field_keys", verbosity=0)
    settings.FIELD_ENCRYPTION_KEY = "new key"

    assert between == api.find_by_id_number(NUMBER) == api.find_by_phone("13812341234") == (person.id,)
    assert api.ref(person.id).masked_id == "360426********0071"
    assert api.reveal_account(account.id, by=clerk, reason="网银录入") == "6225881234564417"
    settings.FIELD_ENCRYPTION_KEY = "old key"
    with pytest.raises(InvalidToken):
        api.ref(person.id)
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('tibao.rotating_keys', true)")
        assert cursor.fetchone()[0] != "on"
