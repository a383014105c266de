"""A sheet shows Chinese on a machine that has no Chinese font: the font comes with the program."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from django.conf import settings

WRITE = """
import sys
import django
django.setup()
from django.conf import settings
from yingsheng.ui.pages.sheets import write_pdf
settings.STORAGES["staticfiles"]["BACKEND"] = "django.contrib.staticfiles.storage.StaticFilesStorage"
html = '<link rel="stylesheet" href="http://here/static/ui/print.css"><p>投诉登记表 钱女士 3栋2单元1802</p>'
sys.stdout.buffer.write(write_pdf(html=html, base_url="http://here/"))
"""


def test_chinese_is_printed_without_a_font_of_the_system(tmp_path: Path) -> None:
    bare = tmp_path / "fonts.conf"
    bare.write_text(
        '<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "fonts.dtd"><fontconfig>'
        f"<cachedir>{tmp_path}/cache</cachedir></fontconfig>"
    )
    source = settings.PACKAGE_DIR.parent
    environment = os.environ | {
        "FONTCONFIG_FILE": str(bare),
        "PYTHONPATH": str(source),
        "DJANGO_SETTINGS_MODULE": "yingsheng.project.settings",
        "YINGSHENG_DATA": str(tmp_path / "data"),
    }
    done = subprocess.run([sys.executable, "-c", WRITE], env=environment, capture_output=True, check=True)
    sheet = tmp_path / "sheet.pdf"
    sheet.write_bytes(done.stdout)
    text = subprocess.run(["pdftotext", str(sheet), "-"], capture_output=True, text=True, check=True).stdout
    assert "投诉登记表 钱女士 3栋2单元1802" in text
    fonts = subprocess.run(["pdffonts", str(sheet)], capture_output=True, text=True, check=True).stdout
    embedded = fonts.splitlines()[2:]
    assert embedded and all("Yingsheng-Sans" in line and " yes " in line for line in embedded), fonts
