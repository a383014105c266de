"""The full-text index over the tokens, in the manner of the database at hand."""

from __future__ import annotations

from django.db import migrations

from yingsheng.kernel.search import fulltext


def install(apps, schema_editor):
    fulltext.install(schema_editor)


def remove(apps, schema_editor):
    fulltext.remove(schema_editor)


class Migration(migrations.Migration):
    dependencies = [("search", "0001_initial")]

    operations = [migrations.RunPython(install, remove)]
