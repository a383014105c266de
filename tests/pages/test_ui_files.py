"""What lies on disk: templates, style, vendored files."""

from __future__ import annotations

import re
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from fontTools.ttLib import TTFont

from yingsheng.kernel.events.kinds import all_kinds
from yingsheng.ui.templatetags import ui

SHANGHAI = ZoneInfo("Asia/Shanghai")
NOW = datetime(2026, 11, 22, 14, 5, tzinfo=SHANGHAI)
UI_DIR = Path(ui.__file__).resolve().parent.parent


def test_every_template_says_its_blocks_and_context() -> None:
    for template in (UI_DIR / "templates").rglob("*.html"):
        head = template.read_text(encoding="utf-8")[:1500]
        assert "Blocks:" in head and "Context:" in head, template.name


def test_no_template_breaks_the_content_policy() -> None:
    """No inline script, style or handler; data blocks are allowed."""
    for template in (UI_DIR / "templates").rglob("*.html"):
        text = template.read_text(encoding="utf-8")
        assert not re.search(r'\sstyle="|\son\w+="|javascript:|<style|https?://', text), template.name
        assert not re.search(r"<script(?![^>]*\bsrc=)", text), template.name


def test_vendored_files_point_at_nothing_that_is_missing() -> None:
    for path in (UI_DIR / "static").rglob("*.*"):
        if path.suffix not in {".css", ".js"}:
            continue
        text = path.read_text(encoding="utf-8")
        assert "sourceMappingURL" not in text, path.name
        if path.suffix == ".css":
            named = re.findall(r"url\(\s*['\"]?([^'\")]+)", text)
            files = [name for name in named if not name.startswith("data:")]
            assert [name for name in files if not (path.parent / name).is_file()] == [], path.name


def luminance(colour: str) -> float:
    """The relative luminance of `#rgb` or `#rrggbb`, as the accessibility guidelines define it."""
    digits = colour.lstrip("#")
    digits = digits if len(digits) == 6 else "".join(2 * digit for digit in digits)
    parts = [int(digits[i : i + 2], 16) / 255 for i in (0, 2, 4)]
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


@pytest.mark.parametrize(
    ("ink", "ground"),
    [
        *(
            (ink, ground)
            for ink in ("ink", "quiet", "accent", "accent-dark")
            for ground in ("ground", "soft", "hover")
        ),
        *((tone, f"{tone}-soft") for tone in ("met", "soon", "late", "waiting", "accent")),
        *(("quiet", f"{tone}-soft") for tone in ("accent", "waiting")),
        *((tone, "ground") for tone in ("met", "soon", "late", "waiting")),
    ],
)
def test_colours_can_be_read(ink: str, ground: str) -> None:
    css = (UI_DIR / "static/ui/app.css").read_text(encoding="utf-8")
    named = dict(re.findall(r"--y-([\w-]+): (#[0-9a-f]{3,6});", css))
    dark, light = sorted((luminance(named[ink]), luminance(named[ground])))
    assert (light + 0.05) / (dark + 0.05) >= 4.5


def test_the_shipped_font_has_every_common_character_and_its_licence() -> None:
    fonts = UI_DIR / "static/vendor/noto"
    assert "SIL OPEN FONT LICENSE Version 1.1" in (fonts / "OFL.txt").read_text(encoding="utf-8")
    assert 'url("../vendor/noto/NotoSansSC-subset.woff2")' in (UI_DIR / "static/ui/print.css").read_text(
        encoding="utf-8"
    )
    known = TTFont(fonts / "NotoSansSC-subset.woff2").getBestCmap()
    common = {
        sign
        for high in range(0xB0, 0xF8)
        for low in range(0xA1, 0xFF)
        for sign in bytes([high, low]).decode("gb2312", "ignore")
    }
    assert len(common) == 6763
    assert {sign for sign in common if ord(sign) not in known} == set()


def test_every_sign_that_is_named_is_drawn() -> None:
    """A name that the sprite does not have shows nothing, and nobody is told."""
    drawn = set(
        re.findall(r'id="([a-z0-9-]+)"', (UI_DIR / "static" / "ui" / "icons.svg").read_text(encoding="utf-8"))
    )
    named = re.compile(r"""icon="([a-z0-9-]+)"|\{% icon "([a-z0-9-]+)\"""")
    missing = {
        (path.name, one or other)
        for path in UI_DIR.parent.rglob("*.*")
        if path.suffix in (".py", ".html")
        for one, other in named.findall(path.read_text(encoding="utf-8"))
        if (one or other) not in drawn
    }
    missing |= {(kind.code, kind.icon) for kind in all_kinds() if kind.icon not in drawn}
    assert missing == set()
