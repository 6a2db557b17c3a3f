"""Every model that holds personal data says how long it is kept."""

from __future__ import annotations

from django.apps import apps

PERSONAL = ("label", "phone", "id_number", "birth", "account", "holder", "display_name", "masked", "injur", "person_name", "address")
HOUSE = {
    "correspondence",
    "parties",
    "disputes",
    "elevators",
    "claims",
    "policies",
    "recovery",
    "consultation",
    "ledger",
    "damages",
    "funding",
}
#: Models whose field only sounds personal; each with its reason.
NOT_PERSONAL = {
    "consultation.OfficialFigures": "the address of a public page",
    "elevators.Building": "the address of a building",
    "ledger.Account": "an account of the ledger",
    "policies.Policy": "the policyholder is an organisation",
}


def test_models_with_personal_fields_declare_their_retention():
    missing = []
    for model in apps.get_models():
        label = model._meta.label
        if model._meta.app_label not in HOUSE or label in NOT_PERSONAL:
            continue
        own = [f.name for f in model._meta.local_fields]
        if any(word in name for name in own for word in PERSONAL) and not getattr(model, "RETENTION", ""):
            missing.append(f"{label}: {[n for n in own if any(w in n for w in PERSONAL)]}")
    assert missing == []
