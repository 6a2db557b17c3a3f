from django.db import migrations

import access.encryption


def seal(apps, schema_editor):
    for draft in apps.get_model("casework", "Draft").objects.iterator():
        draft.sealed = draft.data
        draft.save(update_fields=["sealed"])


class Migration(migrations.Migration):
    dependencies = [
        ("casework", "0007_sharing"),
    ]

    operations = [
        migrations.AddField("draft", "sealed", access.encryption.EncryptedJSONField(default=dict)),
        migrations.RunPython(seal, migrations.RunPython.noop),
        migrations.RemoveField("draft", "data"),
        migrations.RenameField("draft", "sealed", "data"),
    ]
