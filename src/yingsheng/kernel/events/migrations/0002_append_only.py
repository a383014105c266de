"""Events cannot be changed or removed, whoever asks the database."""

from __future__ import annotations

from django.db import migrations

from yingsheng.kernel.events import guards


def install(apps, schema_editor):
    guards.install(schema_editor)


def remove(apps, schema_editor):
    guards.remove(schema_editor)


class Migration(migrations.Migration):
    dependencies = [("events", "0001_initial")]

    operations = [migrations.RunPython(install, remove)]
