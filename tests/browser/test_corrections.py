"""What is seldom done to a case: ended early, summoned otherwise, let off, closed without an answer, reopened."""

import re
from functools import partial

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.browser.conftest import Town
from tests.browser.preparing import CALLER, PATIENCE, REVIEWER, handled, known, stands, verify
from tests.browser.walking import walker
from tools.client import Api, Json
from tools.story import Stage, asking
from tools.story.acting import SITE

pytestmark = pytest.mark.browser

STREET, DISPATCHER = "supervisor.sanhe", "dispatcher.chunjiang"
FACADE = "E05-01"  # 外墙脱落, an emergency


@pytest.fixture
def stage(town: Town) -> Stage:
    """People who act through the API, for what a story needs before it begins."""
    return Stage(Api(town.url), say=lambda _line: None)


def _action(page: Page, name: str) -> Locator:
    """The form of an action that stands open."""
    return page.locator("section.card").filter(has=page.get_by_role("heading", name=name, exact=True))


def _unfold(page: Page, name: str) -> Locator:
    """The form of an action that is seldom needed, opened."""
    folded = page.locator("main details").filter(has=page.locator("summary", has_text=name))
    folded.locator("summary").click()
    return folded


def _sure(form: Locator, name: str) -> None:
    """Press what cannot be undone, and confirm it."""
    form.get_by_role("button", name=name, exact=True).click()
    form.get_by_role("button", name=f"确认 · {name}").click()


def _submitted(stage: Stage) -> Json:
    case = asking.complaint(stage)
    stage.person(asking.CLERK).post(f"/api/intake/cases/{case['id']}/submission")
    return case


def _intake(stage: Stage, case: Json) -> Json:
    return stage.person(REVIEWER).get(f"/api/intake/cases/{case['id']}")["case"]


def _part(page: Page, department: str, state: str) -> None:
    """The page says how it stands with this department."""
    expect(page.get_by_role("row", name=re.compile(f"{department}.*{state}"))).to_be_visible(timeout=PATIENCE)


def test_a_reviewer_merges_a_case_into_the_one_that_is_about_the_same(
    town: Town, browser: Browser, stage: Stage
) -> None:
    case, other = asking.complaint(stage), asking.complaint(stage)
    known(stage, other, "draft")
    with walker(browser, town.url, REVIEWER) as reviewer:
        page = reviewer.open(known(stage, case, "draft"))
        merging = _unfold(page, "合并到另一件")
        merging.get_by_label("搜索案件号或内容").fill(other["number"])
        merging.get_by_label("搜索案件号或内容").press("Enter")
        merging.get_by_role("radio", name=other["number"]).check()
        merging.get_by_label("理由").fill("同一处漏水")
        _sure(merging, "合并到另一件")
        stands(page, "已合并")
    followed = stage.api.resident().post("/api/intake/followed", {"tracking_code": case["tracking_code"]})
    assert followed["number"] == other["number"]


def test_a_reviewer_voids_a_case_and_everything_stays_on_record(town: Town, browser: Browser, stage: Stage) -> None:
    case = asking.complaint(stage)
    with walker(browser, town.url, REVIEWER) as reviewer:
        page = reviewer.open(known(stage, case, "draft"))
        voiding = _unfold(page, "作废")
        voiding.get_by_label("理由").fill("重复登记")
        _sure(voiding, "作废")
        stands(page, "已作废")
        expect(page.get_by_role("listitem").filter(has_text="重复登记")).to_be_visible(timeout=PATIENCE)
    assert _intake(stage, case)["state"] == "void"


def test_a_reviewer_refuses_a_whistle_and_says_why(town: Town, browser: Browser, stage: Stage) -> None:
    case = _submitted(stage)
    with walker(browser, town.url, REVIEWER) as reviewer:
        page = reviewer.open(known(stage, case, "under_review"))
        review = _action(page, "审核")
        review.get_by_label("不予吹哨").check()
        review.get_by_label("理由").fill("社区可以自办")
        _sure(review, "不予吹哨")
        stands(page, "不予吹哨")
    assert _intake(stage, case)["review"]["reason"] == "社区可以自办"


def test_a_reviewer_redirects_a_matter_to_the_statutory_channel(town: Town, browser: Browser, stage: Stage) -> None:
    case = _submitted(stage)
    with walker(browser, town.url, REVIEWER) as reviewer:
        page = reviewer.open(known(stage, case, "under_review"))
        review = _action(page, "审核")
        review.get_by_label("转法定途径").check()
        review.get_by_role("combobox").select_option(label="行政复议")
        review.get_by_label("理由").fill("对处罚决定不服")
        review.get_by_role("button", name="转法定途径", exact=True).click()
        expect(review.get_by_role("alert")).to_contain_text("行政复议")
        review.get_by_role("button", name="确认 · 转法定途径").click()
        stands(page, "转法定途径")
    assert _intake(stage, case)["review"]["channel"] == "reconsideration"


def test_a_reviewer_finds_that_it_was_no_emergency_after_it_was_whistled(
    town: Town, browser: Browser, stage: Stage
) -> None:
    clerk = stage.person(asking.CLERK)
    body = {"channel": "phone", "category": FACADE, "place": SITE, "description": "外墙有一块瓷砖松动", "tried": ""}
    case: Json = clerk.post("/api/intake/cases", body)
    clerk.post(f"/api/intake/cases/{case['id']}/submission")
    with walker(browser, town.url, REVIEWER) as reviewer:
        page = reviewer.open(known(stage, case, "dispatched"))
        review = _action(page, "应急补审")
        review.get_by_label("不属应急").check()
        review.get_by_label("理由").fill("没有坠落危险")
        review.get_by_role("button", name="提交").click()
        expect(review).to_have_count(0, timeout=PATIENCE)
        expect(page.get_by_role("listitem").filter(has_text="没有坠落危险")).to_be_visible(timeout=PATIENCE)
    assert _intake(stage, case)["review"]["ruling"] == "not_upheld"


def test_a_dispatcher_corrects_who_is_summoned_calls_one_more_and_excuses_one(
    town: Town, browser: Browser, stage: Stage
) -> None:
    case = asking.complaint(stage)
    asking.whistle(stage, case)
    with walker(browser, town.url, DISPATCHER) as dispatcher:
        page = dispatcher.open(known(stage, case, "dispatched"))
        correcting = _action(page, "改正派单")
        supports = correcting.get_by_role("group", name="协办单位")
        supports.get_by_label("区市场监管局").uncheck()
        supports.get_by_label("区水务局").check()
        correcting.get_by_label("理由").fill("供水管渗漏，不涉及餐饮许可")
        correcting.get_by_role("button", name="改正派单", exact=True).click()
        expect(correcting.get_by_role("alert")).to_contain_text("撤回 区市场监管局")
        correcting.get_by_role("button", name="确认 · 改正派单").click()
        _part(page, "区市场监管局", "已撤回")
        _part(page, "区水务局", "待签收")

        adding = _action(page, "增派协办")
        adding.get_by_role("combobox").select_option(label="区公安分局")
        adding.get_by_label("理由").fill("店主阻挠入户")
        adding.get_by_role("button", name="增派协办").click()
        _part(page, "区公安分局", "待签收")

        excusing = _action(page, "缺席说明")
        excusing.get_by_role("combobox").select_option(label="区公安分局")
        excusing.get_by_label("理由").fill("店主已经配合")
        excusing.get_by_role("button", name="缺席说明").click()
        excusing.get_by_role("button", name="确定").click()
        _part(page, "区公安分局", "已说明缺席")
    summons = stage.person(DISPATCHER).get(f"/api/dispatch/cases/{case['id']}")["summons"]
    states = {one["department"]: one["state"] for one in summons}
    assert (states["shichang"], states["shuiwu"], states["gongan"]) == ("withdrawn", "to_sign", "excused")


def test_the_street_lets_a_department_leave_the_site(town: Town, browser: Browser, stage: Stage) -> None:
    case = asking.complaint(stage)
    asking.whistle(stage, case)
    summons = stage.person(STREET).get(f"/api/dispatch/cases/{case['id']}")["summons"]
    path = next(f"/api/dispatch/assignments/{one['id']}" for one in summons if one["department"] == "zhujian")
    officer = stage.person("officer.zhujian")
    officer.post(f"{path}/signature")
    officer.post(f"{path}/report", SITE)
    with walker(browser, town.url, STREET) as street:
        page = street.open(known(stage, case, "in_progress"))
        releasing = _action(page, "准予撤离")
        releasing.get_by_role("button", name="准予区住建局撤离").click()
        releasing.get_by_role("button", name="确定").click()
        expect(releasing.get_by_text(re.compile("已于 .* 准予撤离"))).to_be_visible(timeout=PATIENCE)
    releases = stage.person(STREET).get(path)["assignment"]["releases"]
    assert [one["by"] for one in releases] == [STREET]


def test_a_case_whose_reporter_never_answers_is_closed_as_unreached(town: Town, browser: Browser, stage: Stage) -> None:
    case = asking.complaint(stage)
    stage.person(asking.CLERK).post(f"/api/intake/cases/{case['id']}/solution", {"measures": "社区换好了地漏"})
    caller, path = stage.person(CALLER), f"/api/closure/cases/{case['id']}"
    for remark in ("响铃无人接听", "关机", "停机"):
        stage.until("", (), partial(caller.post, f"{path}/callbacks", {"reached": False, "remark": remark}))
    with walker(browser, town.url, STREET) as street:
        page = street.open(known(stage, case, "call_back"))
        closing = _action(page, "未联系上办结")
        expect(closing).to_contain_text("已有 3 次未联系上")
        _sure(closing, "未联系上办结")
        stands(page, "已办结")
    closings = caller.get(path)["closings"]
    assert [(one["unreached"], one["by"]) for one in closings] == [(True, STREET)]


def test_a_closed_case_is_evaluated_and_published_and_reopened_by_an_appeal_over_the_telephone(
    town: Town, browser: Browser, stage: Stage
) -> None:
    case, summons = handled(stage)
    verify(stage, case)
    verdict = {"tracking_code": case["tracking_code"], "resolved": True, "satisfaction": 4, "remark": ""}
    resident = stage.api.resident()
    stage.until("", (), lambda: resident.post("/api/closure/verdicts", verdict))
    path = known(stage, case, "closed")
    with walker(browser, town.url, STREET) as street:
        page = street.open(path)
        evaluating = _action(page, "评价部门")
        evaluating.get_by_role("group", name="区住建局").get_by_label("3").check()
        evaluating.get_by_label("区住建局 备注").fill("返工了一次")
        evaluating.get_by_role("button", name="评价部门").click()
        expect(evaluating).to_contain_text("已评价", timeout=PATIENCE)
        publishing = _unfold(page, "公示结果")
        publishing.get_by_label("标题").fill("商铺漏水已修复")
        publishing.get_by_label("内容").fill("三部门联合处置，报事人电话 13800001111")
        _sure(publishing, "公示结果")
        expect(publishing.get_by_role("status")).to_contain_text("商铺漏水已修复", timeout=PATIENCE)
        expect(publishing.get_by_role("status")).not_to_contain_text("13800001111")
    with walker(browser, town.url, CALLER) as caller:
        page = caller.open(path)
        appealing = _unfold(page, "代记申诉")
        appealing.get_by_role("group", name="哪些单位没做好").get_by_label("区城管局").check()
        appealing.get_by_label("报事人怎么说").fill("大厅又积水了")
        _sure(appealing, "代记申诉")
        stands(page, "返工")
    found = stage.person(CALLER).get(f"/api/closure/cases/{case['id']}")
    scores = {one["department"]: one["score"] for one in found["evaluations"] if one["side"] == "street"}
    assert scores == {"zhujian": 3, "chengguan": 5, "shichang": 5}
    assert found["state"] == "rework"
    failed = f"/api/dispatch/assignments/{summons['chengguan']['id']}"
    stage.until("", (), lambda: stage.person(STREET).get(failed)["assignment"]["state"] == "rework")
