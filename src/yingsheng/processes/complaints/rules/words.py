"""Guessing the subject of a complaint from its words (C-25). Pure; a person can always correct it."""

from __future__ import annotations

# what residents say, by subject; the subject with most hits wins, the earlier one on a tie
SPOKEN: dict[str, tuple[str, ...]] = {
    "security": (
        "保安",
        "门岗",
        "门禁",
        "陌生人",
        "偷",
        "盗",
        "巡逻",
        "停车",
        "车位",
        "监控",
        "消防通道",
        "道闸",
    ),
    "cleaning": ("卫生", "垃圾", "脏", "臭", "清洁", "打扫", "保洁", "污渍", "蟑螂", "老鼠", "异味"),
    "greening": ("绿化", "草坪", "树", "花", "修剪", "浇水", "绿地"),
    "renovation": ("装修", "电钻", "砸墙", "建筑垃圾", "施工"),
    "mail": ("快递", "包裹", "信件", "报纸", "邮件", "信报箱"),
    "staff_attitude": ("态度", "不耐烦", "骂", "推诿", "不理", "凶", "敷衍", "挂电话"),
    "repair": (
        "漏水",
        "渗水",
        "水管",
        "电梯",
        "停电",
        "跳闸",
        "灯",
        "维修",
        "修",
        "坏",
        "堵",
        "下水",
        "门锁",
        "对讲",
        "水压",
        "暖气",
    ),
}


def guess_category(*, text: str) -> str:
    """The subject whose words occur most often in the text; "other" when none does."""
    best, most = "other", 0
    for category, words in SPOKEN.items():
        hits = sum(text.count(word) for word in words)
        if hits > most:
            best, most = category, hits
    return best
