"""What the notices say, in both languages."""

import re
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from services.notice.commands import deliver_summons
from services.notice.commands.deliver_summons import DeliverSummons
from services.notice.domain.facts import TOLD, template_of
from services.notice.domain.notification import Notification
from services.notice.domain.templates import TEMPLATES, TEXTS, placeholders
from services.supervision.domain import clockwork
from services.supervision.domain.clock import SILENT
from shared.contracts.registry import all_events
from tests.unit.notice.samples import DISPATCHED
from tests.unit.notice.told import ALL, ISSUED, OVERDUE, WARNED, Desk

SAID = {
    "clock.warned": (
        "临期提醒：SH-0001 报到时限已过 80%",
        "案件 SH-0001（综合执法，房屋渗漏）的报到时限已过 80%，应于 2026-03-02 14:00 前完成。责任单位：区住建局。",
        "Reminder: SH-0001, 80% of the limit for reporting in have passed",
    ),
    "clock.overdue": (
        "超期：SH-0001 报到",
        "案件 SH-0001（综合执法，房屋渗漏）的报到应于 2026-03-02 14:00 前完成，现已超期。责任单位：区住建局。",
        "Overdue: SH-0001, reporting in",
    ),
    "clock.escalated": (
        "逐级上报：SH-0001 报到仍超期",
        "案件 SH-0001（综合执法，房屋渗漏）的报到应于 2026-03-02 14:00 前完成，至今未完成，现上报街道督办。"
        "责任单位：区住建局。",
        "Escalated: SH-0001, reporting in is still overdue",
    ),
    "breach.withdrawn": (
        "撤销超期：SH-0001 报到",
        "案件 SH-0001（综合执法，房屋渗漏）的报到已于 2026-03-02 13:00 完成，早于时限 2026-03-02 14:00，"
        "此前的超期撤销。"
        "责任单位：区住建局。",
        "No breach after all: SH-0001, reporting in",
    ),
    "order.issued": (
        "督办：SH-0001",
        "案件 SH-0001（综合执法，房屋渗漏）：“请三日内到场处置”责任单位：区住建局。请于 2026-03-05 12:00 前回复。",
        "Order: SH-0001",
    ),
    "order.answered": (
        "督办已回复：SH-0001 区住建局",
        "区住建局已于 2026-03-02 12:00 回复督办。回复：“已安排维修”",
        "Order answered: SH-0001, 区住建局",
    ),
    "order.accepted": (
        "督办办结：SH-0001 区住建局",
        "对区住建局的督办已于 2026-03-02 12:00 办结。",
        "Order settled: SH-0001, 区住建局",
    ),
    "order.returned": (
        "督办回复退回：SH-0001 区住建局",
        "区住建局的督办回复被退回，请于 2026-03-03 12:00 前重新回复。原因：“未说明完成时间”",
        "Reply sent back: SH-0001, 区住建局",
    ),
    "refusal.reported": (
        "拒不报到：SH-0001 区住建局",
        "街道报告区住建局对案件 SH-0001（综合执法，房屋渗漏）拒不报到，请调查督办。情况：“两次电话均答复不予到场”",
        "Refusal reported: SH-0001, 区住建局",
    ),
    "refusal.concluded": (
        "拒不报到调查结论：SH-0001 区住建局",
        "案件 SH-0001（综合执法，房屋渗漏）经区级调查，区住建局：无正当理由拒绝，扣 5 分。结论：“属其法定职责”",
        "Finding on a refusal: SH-0001, 区住建局",
    ),
}


@pytest.mark.parametrize("event", ALL, ids=template_of)
def test_an_event_is_told_in_these_words(event: Any) -> None:
    """Facts in people's words, times as they read here."""
    desk = Desk()
    desk.do(deliver_summons, DeliverSummons(DISPATCHED))
    texts = desk.tell(event)[0].texts
    said = (texts["zh"].title, texts["zh"].text, texts["en"].title)
    assert said == SAID[template_of(event)]


def test_a_summons_is_told_in_these_words() -> None:
    """Nothing of where it is and what it is about: it goes to other people's servers."""
    desk = Desk()
    desk.do(deliver_summons, DeliverSummons(DISPATCHED))
    texts = next(one for one in desk.of(Notification) if one.person == "officer.zhujian").texts
    assert texts["zh"].title == "吹哨通知：SH-0001，请签收"
    assert texts["zh"].text == ("案件 SH-0001（综合执法，房屋渗漏）吹哨，区zhujian局为主办单位，请按时签收、报到。")
    assert texts["en"].text == (
        "Case SH-0001 (joint enforcement, 房屋渗漏) summons 区zhujian局 as lead: please sign and report in."
    )


def test_there_is_one_template_for_every_event_with_an_audience() -> None:
    """And one for the summons."""
    with_audience = {event for event in all_events().values() if "audience" in event.__annotations__}
    assert with_audience == {*TOLD}
    assert {*TEMPLATES} == {template_of(event) for event in with_audience} | {"summons.delivered"}


@pytest.mark.parametrize("name", TEMPLATES)
def test_both_languages_tell_the_same_facts(name: str) -> None:
    """Sentence by sentence."""
    template = TEXTS.templates[name]
    for words in (template.title, *template.text):
        assert placeholders(words.zh) == placeholders(words.en)


def test_every_clock_that_is_told_of_has_a_name() -> None:
    """As supervision's code starts them, and no other."""
    started = re.findall(r'Start\("(\w+)"', Path(clockwork.__file__).read_text("utf-8"))
    assert {*TEXTS.terms["clock"]} == {*started, *clockwork.DEPARTMENTS} - {*SILENT}


def test_a_sentence_without_its_fact_is_left_out() -> None:
    """An urging needs no reply; a clock of the case itself is no department's."""
    urging = Desk().tell(replace(ISSUED, kind="urging", reply_by=None))[0]
    assert urging.texts["en"].title == "Urging: SH-0001"
    assert "回复" not in urging.texts["zh"].text
    of_case = Desk().tell(replace(OVERDUE, clock=replace(OVERDUE.clock, department="", clock="review")))[0]
    assert of_case.texts["en"].text == (
        "Case SH-0001 (joint enforcement, 房屋渗漏): the limit for review passed at 2026-03-02 14:00."
    )


def test_what_nobody_has_words_for_is_told_by_its_code() -> None:
    """A clock, a kind or a category that a locality added."""
    facts = replace(WARNED.case, kind="flood", category="X-1")
    told = Desk().tell(replace(WARNED, case=facts, clock=replace(WARNED.clock, clock="pump")))[0]
    assert told.texts["zh"].text.startswith("案件 SH-0001（flood，X-1）的pump时限")


def test_braces_in_what_people_wrote_do_no_harm() -> None:
    """They are a fact's value, never a template."""
    told = Desk().tell(replace(ISSUED, text="{number} {0}"))[0]
    assert "：“{number} {0}”" in told.texts["zh"].text
