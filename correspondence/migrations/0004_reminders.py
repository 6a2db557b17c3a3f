from django.db import migrations

WORKING = (
    ("use_manager", "manager_clerk"),
    ("insurer", "insurer_handler"),
    ("street_office", "street_clerk"),
    ("regulator", "regulator_officer"),
    ("maintenance", "maintenance_staff"),
    ("payer", "manager_cashier"),
    ("payer", "insurer_cashier"),
)
ANSWERING = (("use_manager", "manager_approver"), ("insurer", "insurer_approver"))


def seed(apps, schema_editor):
    rules = apps.get_model("correspondence", "MessageRule").objects
    for kind, rows in (("deadline.near", WORKING), ("deadline.over", WORKING + ANSWERING)):
        for part, role in rows:
            rules.get_or_create(kind=kind, part=part, role=role, channel="in_app")


class Migration(migrations.Migration):
    dependencies = [("correspondence", "0003_records_request")]
    operations = [migrations.RunPython(seed, migrations.RunPython.noop)]
