"""Every address is either on the public list or closed to strangers; reading never writes."""

from __future__ import annotations

import pytest
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from casework.models import CaseEvent

#: Addresses open to anybody, each with its reason.
PUBLIC = {
    "access:sign_in": "the door",
    "access:second_factor": "the second half of the door",
    "set_language": "the language switch",
    "funding:notices": "what is published is for everybody",
    "casework:law": "the law is everybody's",
    "casework:unverified": "the law is everybody's",
    "correspondence:verify": "anybody with a printed paper",
    "correspondence:verify_form": "anybody with a printed paper",
    "consultation:notice": "anybody before the poster",
    "consultation:object": "anybody affected",
    "consultation:public_recount": "anybody may count again",
}
PUBLIC_PREFIXES = ("elevators:public", "calculators:")


def routes(resolver=None, prefix="", namespace=""):
    for entry in (resolver or get_resolver()).url_patterns:
        if isinstance(entry, URLResolver):
            space = f"{namespace}{entry.namespace}:" if entry.namespace else namespace
            yield from routes(entry, prefix + str(entry.pattern), space)
        elif isinstance(entry, URLPattern):
            yield f"{namespace}{entry.name}", prefix + str(entry.pattern), entry.pattern.converters


ROUTES = sorted({(name, str(path), tuple(converters)) for name, path, converters in routes()})
SAMPLES = {"int": 1, "slug": "x", "str": "x", "uuid": "00000000-0000-0000-0000-000000000000"}


def address(name, converters):
    found = next(r for r in routes() if r[0] == name and tuple(r[2]) == converters)[2]
    return reverse(name, kwargs={key: SAMPLES.get(type(c).__name__.replace("Converter", "").lower(), "x") for key, c in found.items()})


def test_every_route_has_a_name():
    assert [path for name, path, _ in ROUTES if name.endswith("None")] == []


@pytest.mark.django_db
@pytest.mark.parametrize(("name", "path", "converters"), ROUTES, ids=[r[0] for r in ROUTES])
def test_a_stranger_is_sent_to_the_door(client, name, path, converters):
    if name in PUBLIC or name.startswith(PUBLIC_PREFIXES):
        return
    events = CaseEvent.objects.count()
    response = client.get(address(name, converters))
    assert response.status_code in (302, 404, 405), (name, response.status_code)
    if response.status_code == 302:
        assert "/sign-in/" in response["Location"]
    assert CaseEvent.objects.count() == events
