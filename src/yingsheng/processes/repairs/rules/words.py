"""Guessing trade, kind and emergency from what residents say; a person can always correct it. Pure."""

from __future__ import annotations

from yingsheng.processes.repairs.rules.facts import MINOR, PROJECT, URGENT

TRADES: dict[str, tuple[str, ...]] = {
    "water": (
        "水管",
        "水龙头",
        "漏水",
        "渗水",
        "下水",
        "马桶",
        "地漏",
        "堵",
        "角阀",
        "水压",
        "水表",
        "暖气",
        "花洒",
    ),
    "electric": ("停电", "跳闸", "插座", "开关", "灯", "电线", "电表", "空开", "漏电"),
    "lock": ("门锁", "锁芯", "钥匙断", "防盗门", "门禁", "单元门", "对讲"),
    "lift": ("电梯", "轿厢"),
    "carpentry": ("门框", "木门", "柜", "地板", "窗", "合页", "纱窗"),
    "masonry": ("墙", "瓷砖", "空鼓", "裂缝", "防水", "抹灰", "楼板", "外墙"),
    "appliance": ("空调", "热水器", "油烟机", "洗衣机", "冰箱", "燃气灶"),
    "cleaning": ("清洗", "保洁", "垃圾", "污水井", "化粪池"),
    "greening": ("树", "草坪", "绿化", "花木"),
    "public": ("路灯", "道闸", "围栏", "健身器材", "井盖", "楼道", "公共"),
}
IN_HURRY = (
    "急",
    "马上",
    "正在漏",
    "水漫",
    "跑水",
    "没电",
    "停电",
    "断水",
    "停水",
    "打不开",
    "进不了",
    "关不上",
    "漏电",
    "打火",
)
LARGE = ("外墙", "屋面", "屋顶", "防水", "重做", "翻新", "改造", "整栋", "整层", "换管")


def guess_trade(*, text: str) -> str:
    """The trade whose words occur most often; "other" when none does, the earlier one on a tie."""
    best, most = "other", 0
    for trade, words in TRADES.items():
        hits = sum(text.count(word) for word in words)
        if hits > most:
            best, most = trade, hits
    return best


def guess_kind(*, text: str) -> str:
    """Urgent by words of hurry or harm, a project by words of size, else a small repair (R-20)."""
    if any(word in text for word in IN_HURRY):
        return URGENT
    return PROJECT if any(word in text for word in LARGE) else MINOR


def emergency_word(*, text: str, words: str) -> str:
    """The first of the words (comma-separated) that makes a request an emergency first (R-22); "" for none."""
    return next((word for word in words.replace("，", ",").split(",") if word and word in text), "")
