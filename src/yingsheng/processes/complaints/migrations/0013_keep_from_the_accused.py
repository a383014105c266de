"""Complaints about a colleague that are there already are kept from him too (C-78)."""

from django.db import migrations


def keep_from(apps, schema_editor):
    Case = apps.get_model("cases", "Case")
    rows = apps.get_model("complaints", "Complaint").objects.filter(respondent_staff__isnull=False)
    for case_id, staff_id in rows.values_list("case_id", "respondent_staff_id").iterator():
        Case.objects.filter(pk=case_id).update(kept_from_id=staff_id)


class Migration(migrations.Migration):
    dependencies = [
        ("cases", "0005_kept_from"),
        ("complaints", "0012_why_nobody_went"),
    ]

    operations = [migrations.RunPython(keep_from, migrations.RunPython.noop)]
