from __future__ import annotations

from typing import Any

from django.db import migrations, models


def first_is_primary(apps: Any, schema_editor: Any) -> None:
    phones = apps.get_model("estate", "Phone").objects.using(schema_editor.connection.alias)
    without = phones.exclude(person__in=phones.filter(is_primary=True).values("person"))
    first = without.order_by().values("person").annotate(first=models.Min("pk")).values("first")
    phones.filter(pk__in=first).update(is_primary=True)


class Migration(migrations.Migration):
    dependencies = [("estate", "0003_edited_on_screen")]

    operations = [migrations.RunPython(first_is_primary, migrations.RunPython.noop)]
