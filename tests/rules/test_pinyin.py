"""Names as they are typed without Chinese characters."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yingsheng.base.pinyin import full_pinyin, initials


@pytest.mark.parametrize(
    ("name", "full", "short"),
    [
        ("王小明", "wangxiaoming", "wxm"),
        ("单晓明", "shanxiaoming", "sxm"),
        ("曾晓明", "zengxiaoming", "zxm"),
        ("仇晓明", "qiuxiaoming", "qxm"),
        ("解晓明", "xiexiaoming", "xxm"),
        ("查晓明", "zhaxiaoming", "zxm"),
        ("区晓明", "ouxiaoming", "oxm"),
        ("任晓明", "renxiaoming", "rxm"),
        ("盖晓明", "gexiaoming", "gxm"),
        ("朴晓明", "piaoxiaoming", "pxm"),
        ("翟晓明", "zhaixiaoming", "zxm"),
        ("乐晓明", "yuexiaoming", "yxm"),
        ("覃晓明", "qinxiaoming", "qxm"),
        ("尉迟明", "yuchiming", "ycm"),
        ("长孙明", "zhangsunming", "zsm"),
        ("万俟明", "moqiming", "mqm"),
        ("单于明", "chanyuming", "cym"),
        ("澹台明", "tantaiming", "ttm"),
        ("令狐明", "linghuming", "lhm"),
        ("欧阳明", "ouyangming", "oym"),
        ("吕明", "lvming", "lm"),
        ("王女士", "wangnvshi", "wns"),
        ("王", "wang", "w"),
        ("明单", "mingdan", "md"),  # a surname only where surnames stand
        ("", "", ""),
    ],
)
def test_names(name: str, full: str, short: str) -> None:
    assert full_pinyin(text=name) == full
    assert initials(text=name) == short


def test_latin_letters_and_digits_are_kept_and_signs_dropped() -> None:
    assert full_pinyin(text="Ｔom 王·A2") == "tomwanga2"
    assert initials(text="Ｔom 王·A2") == "twa2"


@given(name=st.text(max_size=12))
def test_only_small_letters_and_digits_come_out(name: str) -> None:
    full, short = full_pinyin(text=name), initials(text=name)
    assert full == "" or (full.isascii() and full.isalnum() and full == full.lower())
    assert len(short) <= len(full)
