"""Which figure applies where and from when; what was promised stays as it was promised."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import strategies as st
from tests.factories.cast import MONDAY_NINE, Cast, make_cast

from yingsheng.base.refusal import Refused
from yingsheng.kernel.events.models import Event
from yingsheng.kernel.policies.book import load_book
from yingsheng.kernel.policies.models import Adoption, Override, RuleVersion
from yingsheng.kernel.policies.queries import adopted_preset, figure, resolve
from yingsheng.kernel.policies.services import adopt_preset, check_value, keep_versions, override_parameter

PATH = "C-33.contact_within"
TOMORROW = MONDAY_NINE + timedelta(days=1)


def change(
    cast: Cast,
    value: object,
    *,
    active_from: datetime = TOMORROW,
    path: str = PATH,
    reason: str = "业委会要求",
) -> Override:
    return override_parameter(
        site=cast.site,
        path=path,
        value=value,
        active_from=active_from,
        reason=reason,
        by=cast.head,
        at=MONDAY_NINE,
    )


def test_without_a_choice_the_default_preset_applies(cast: Cast) -> None:
    assert adopted_preset(site=cast.site, module="C", at=MONDAY_NINE) == "C/composite"
    assert figure(path=PATH, site=cast.site, at=MONDAY_NINE) == 2
    assert resolve(rule_id="C-33", site=cast.site, at=MONDAY_NINE)["contact_within"] == 2


def test_a_changed_figure_applies_from_its_day_on_and_not_before(cast: Cast) -> None:
    change(cast, 1)
    change(cast, 4, active_from=TOMORROW + timedelta(days=5))
    asked = {
        days: figure(path=PATH, site=cast.site, at=MONDAY_NINE + timedelta(days=days))
        for days in (0, 1, 5, 6)
    }
    assert asked == {0: 2, 1: 1, 5: 1, 6: 4}
    assert figure(path=PATH, site=cast.site, at=TOMORROW - timedelta(microseconds=1)) == 2


def test_none_returns_to_the_preset_and_silent_asks_for_nothing(cast: Cast) -> None:
    change(cast, 1)
    change(cast, "silent", active_from=TOMORROW + timedelta(days=1))
    change(cast, None, active_from=TOMORROW + timedelta(days=2))
    values = [figure(path=PATH, site=cast.site, at=TOMORROW + timedelta(days=days)) for days in (0, 1, 2)]
    assert values == [1, None, 2]


def test_the_same_moment_changed_twice_keeps_the_last_word(cast: Cast) -> None:
    change(cast, 1)
    change(cast, 3)
    assert Override.objects.count() == 1
    assert figure(path=PATH, site=cast.site, at=TOMORROW) == 3
    assert Event.objects.filter(kind="policies.overridden").count() == 2


def test_an_adopted_preset_brings_its_silence_from_its_day_on(cast: Cast) -> None:
    adopt_preset(
        site=cast.site,
        preset="C/003-12",
        active_from=TOMORROW,
        reason="物业合同",
        by=cast.head,
        at=MONDAY_NINE,
    )
    assert adopted_preset(site=cast.site, module="C", at=MONDAY_NINE) == "C/composite"
    assert adopted_preset(site=cast.site, module="C", at=TOMORROW) == "C/003-12"
    assert figure(path="C-35.plan_within", site=cast.site, at=MONDAY_NINE) is not None
    assert figure(path="C-35.plan_within", site=cast.site, at=TOMORROW) is None
    assert figure(path="C-56.severity_step_up", site=cast.site, at=TOMORROW) is False
    # other modules stay with theirs
    assert adopted_preset(site=cast.site, module="F", at=TOMORROW) == "F/composite"
    told = Event.objects.get(kind="policies.adopted")
    assert (told.data["preset"], told.by_id) == ("C/003-12", cast.head.pk)


def test_a_site_override_stays_on_top_of_any_preset(cast: Cast) -> None:
    change(cast, 5, path="C-35.plan_within")
    supposed = resolve(rule_id="C-35", site=cast.site, at=TOMORROW, preset="C/003-12")
    assert supposed.preset == "C/003-12"
    assert supposed["plan_within"] == 5
    assert supposed["handle_within"] is None


def test_a_preset_of_another_module_is_not_supposed(cast: Cast) -> None:
    assert resolve(rule_id="C-35", site=cast.site, at=MONDAY_NINE, preset="F/003-3").preset == "C/composite"


def test_sites_do_not_share_their_figures(cast: Cast) -> None:
    other = make_cast(code="other")
    change(cast, 1)
    assert figure(path=PATH, site=other.site, at=TOMORROW) == 2


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"active_from": MONDAY_NINE - timedelta(seconds=1)}, "active_from"),
        ({"reason": "  "}, "reason"),
        ({"path": "C-33.no_such_figure"}, "path"),
        ({"path": "C-999.contact_within"}, "path"),
        ({"value": -1}, "value"),
        ({"value": "two"}, "value"),
    ],
)
def test_a_change_that_may_not_be_is_refused_and_leaves_nothing(
    cast: Cast, fields: dict[str, object], field: str
) -> None:
    before = Event.objects.count()
    with pytest.raises(Refused) as refused:
        change(cast, **{"value": 1, **fields})  # type: ignore[arg-type]
    assert refused.value.field == field
    assert not Override.objects.exists()
    assert Event.objects.count() == before
    assert figure(path=PATH, site=cast.site, at=TOMORROW) == 2


@pytest.mark.parametrize(
    ("preset", "active_from", "field"),
    [("C/none", TOMORROW, "preset"), ("C/003-12", MONDAY_NINE - timedelta(days=1), "active_from")],
)
def test_an_adoption_in_the_past_or_of_nothing_is_refused(
    cast: Cast, preset: str, active_from: datetime, field: str
) -> None:
    with pytest.raises(Refused) as refused:
        adopt_preset(
            site=cast.site, preset=preset, active_from=active_from, reason="x", by=cast.head, at=MONDAY_NINE
        )
    assert refused.value.field == field
    assert not Adoption.objects.exists()


def test_figures_cost_no_statement_once_read(cast: Cast) -> None:
    figure(path=PATH, site=cast.site, at=MONDAY_NINE)
    with CaptureQueriesContext(
        connection,
    ) as seen:
        for rule in load_book().modules["C"].rules:
            resolve(rule_id=rule.id, site=cast.site, at=MONDAY_NINE)
    assert len(seen) == 0


def test_a_version_keeps_the_words_and_figures_of_its_day(cast: Cast) -> None:
    first = resolve(rule_id="C-33", site=cast.site, at=MONDAY_NINE)
    change(cast, 1)
    second = resolve(rule_id="C-33", site=cast.site, at=TOMORROW)
    ids = keep_versions(resolved=[first, second, first], at=TOMORROW)
    assert ids == keep_versions(resolved=[second, first], at=TOMORROW + timedelta(days=9))
    kept = RuleVersion.objects.get(pk=ids["C-33", first.digest])
    assert kept.values["contact_within"] == 2
    assert kept.text_zh == first.rule.text["zh"]
    assert kept.preset == "C/composite"
    assert RuleVersion.objects.get(pk=ids["C-33", second.digest]).values["contact_within"] == 1
    assert RuleVersion.objects.count() == 2
    assert kept.first_used_at == TOMORROW


def test_a_version_stands_once_per_site(cast: Cast) -> None:
    resolved = resolve(rule_id="C-33", site=cast.site, at=MONDAY_NINE)
    keep_versions(resolved=[resolved], at=MONDAY_NINE)
    with pytest.raises(IntegrityError), transaction.atomic():
        RuleVersion.objects.create(
            site=cast.site,
            rule="C-33",
            digest=resolved.digest,
            text_zh="x",
            text_en="x",
            first_used_at=MONDAY_NINE,
        )


def test_only_a_committed_version_is_remembered(committed_db: None) -> None:
    cast = make_cast()
    resolved = resolve(rule_id="C-33", site=cast.site, at=MONDAY_NINE)

    with transaction.atomic():
        lost = keep_versions(resolved=[resolved], at=MONDAY_NINE)
        transaction.set_rollback(True)
    assert not RuleVersion.objects.exists()
    with transaction.atomic():
        kept = keep_versions(resolved=[resolved], at=MONDAY_NINE)
    assert lost.keys() == kept.keys()
    assert RuleVersion.objects.get().pk == kept["C-33", resolved.digest]
    with CaptureQueriesContext(connection) as seen:
        assert keep_versions(resolved=[resolved], at=MONDAY_NINE) == kept
    assert len(seen) == 0


def test_another_process_sees_a_change_with_the_row_of_the_site(cast: Cast) -> None:
    stale = type(cast.site).objects.get(pk=cast.site.pk)
    assert figure(path=PATH, site=stale, at=TOMORROW) == 2
    change(cast, 1)
    fresh = type(cast.site).objects.get(pk=cast.site.pk)
    assert fresh.policy_revision != stale.policy_revision
    assert figure(path=PATH, site=fresh, at=TOMORROW) == 1


@given(value=st.integers(min_value=-5, max_value=200))
def test_a_percentage_lies_between_nothing_and_everything(value: int) -> None:
    parameter = next(
        one for rule in load_book().rules.values() for one in rule.parameters if one.unit == "percent"
    )
    if 0 <= value <= 100:
        check_value(parameter=parameter, value=value)
    else:
        with pytest.raises(Refused):
            check_value(parameter=parameter, value=value)
