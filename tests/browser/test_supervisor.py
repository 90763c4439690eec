"""A day at the desk of supervisors and administrators: the wall, rulings, orders, measures, tables, parked messages."""

import io
import re
from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import amqp
import pytest
from openpyxl import Workbook
from playwright.sync_api import Browser, Locator, Page, expect

from shared.messaging.topology import queue_name
from shared.messaging.wire import Wire
from tests.browser.conftest import Town
from tests.browser.walking import DESK, PHONE, Walker, barriers, overflows, walker
from tools.client import Api, Json
from tools.story.acting import SITE
from tools.story.stage import Stage, photo

pytestmark = pytest.mark.browser

STREET, DISTRICT, ADMINISTRATOR = "supervisor.sanhe", "supervisor.chunjiang", "admin.chunjiang"
GRID = "柳溪社区"
TABLE = Path(__file__).parent.parent.parent / "deploy" / "example-town" / "responsibility.csv"
SOON = 30_000  # milliseconds, within which what is told arrives on a loaded machine
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@pytest.fixture(scope="module")
def stage(town: Town) -> Stage:
    """People who act by the API while others look at pages."""
    return Stage(Api(town.url), say=lambda _line: None)


@pytest.fixture(name="street")
def _street(town: Town, browser: Browser) -> Iterator[Walker]:
    """The street's supervisor at the desk."""
    with walker(browser, town.url, STREET) as someone:
        someone.open("/wall")
        yield someone


@pytest.fixture(name="administrator")
def _administrator(town: Town, browser: Browser) -> Iterator[Walker]:
    """The administrator at the desk."""
    with walker(browser, town.url, ADMINISTRATOR) as someone:
        someone.open("/")
        yield someone


def whistled(stage: Stage, category: str = "E06-01", what: str = "二层卫生间漏水到大厅") -> Json:
    """A case that was whistled just now, in 弘湖."""
    clerk = stage.person("clerk.honghu")
    shot = clerk.post("/api/intake/attachments", data=photo(str(uuid4())))
    body = {
        "channel": "walk_in",
        "category": category,
        "place": SITE,
        "description": what,
        "tried": "社区上门两次，没有办成",
        "attachments": [shot["sha256"]],
    }
    case: Json = clerk.post("/api/intake/cases", body)
    clerk.post(f"/api/intake/cases/{case['id']}/submission")
    stage.person("reviewer.sanhe").post(f"/api/intake/cases/{case['id']}/whistle")
    return case


def assignment(stage: Stage, case: Json, department: str) -> Json:
    """This department's assignment, once the case is dispatched and supervision has heard of it."""

    def found() -> Json:
        parts = stage.person(STREET).get(f"/api/supervision/cases/{case['id']}")["parts"]
        return next((one for one in parts if one["department"] == department), None)

    return stage.until(f"{department} is summoned", (("dispatch", "supervision"),), found)


def disputed(stage: Stage) -> tuple[Json, Json]:
    """A case in which a department says that it is not theirs, and its assignment, once it waits for a ruling."""
    case = whistled(stage)
    part = assignment(stage, case, "shichang")
    path = f"/api/dispatch/assignments/{part['id']}/dispute"
    stage.person("officer.shichang").post(path, {"legal_basis": "不属于餐饮许可事项"})
    rulings = "/api/supervision/rulings?limit=200"

    def waits() -> bool:
        return any(one["case_id"] == case["id"] for one in stage.person(STREET).get(rulings)["items"])

    stage.until("it waits for a ruling", (("dispatch", "supervision"),), waits)
    return case, part


def dismiss(stage: Stage, part: Json) -> None:
    """The district rules on the dispute before the street does."""
    path = f"/api/dispatch/assignments/{part['id']}/dispute/dismissal"
    stage.person(DISTRICT).post(path, {"reason": "区里已核实"})


def row(page: Page, case: Json) -> Locator:
    """The row of this case in a list."""
    return page.get_by_role("listitem").filter(has_text=case["number"])


def test_the_wall_shows_a_new_whistle_within_a_moment_without_a_reload(street: Walker, stage: Stage) -> None:
    page = street.page
    page.evaluate("window.still = 'the same page'")
    grids = page.get_by_role("region", name="有未结案件的网格")
    expect(grids.get_by_role("button", name=re.compile(GRID)).first).to_be_visible()
    case = whistled(stage)
    place = grids.get_by_role("button", name=re.compile("弘湖社区")).first
    expect(place).to_be_visible(timeout=SOON)
    place.press("Enter")
    expect(page.get_by_role("link", name=case["number"])).to_be_visible(timeout=SOON)
    assert page.evaluate("window.still") == "the same page"


def test_a_supervisor_comes_to_the_wall_and_an_administrator_to_the_tables(
    street: Walker, administrator: Walker, town: Town
) -> None:
    street.page.goto(f"{town.url}/")
    expect(street.page.get_by_role("heading", level=1, name="挂图作战")).to_be_visible()
    expect(administrator.page.get_by_role("heading", level=1, name="权责清单")).to_be_visible()


def test_each_picture_says_the_same_as_a_table(street: Walker) -> None:
    page = street.page
    page.locator("main summary").first.press("Enter")
    table = page.get_by_role("region", name=re.compile("近六个月走势"))
    expect(table.get_by_role("columnheader", name="按时报到率")).to_be_visible()
    expect(table.get_by_role("row").last).to_contain_text(re.compile(r"\d+/\d+"))


def test_a_dispute_is_ruled_on_in_place(street: Walker, stage: Stage, town: Town) -> None:
    page = street.page
    street.quiet_about(422)
    case, part = disputed(stage)
    page.goto(f"{town.url}/rulings")
    waiting = row(page, case)
    expect(waiting).to_contain_text("异议", timeout=SOON)
    waiting.get_by_role("button", name="裁定").click()
    expect(waiting).to_contain_text("不属于餐饮许可事项")
    waiting.get_by_role("button", name="维持").click()
    expect(waiting.get_by_role("alert").last).to_be_visible(timeout=SOON)  # without a reason, beside the field
    waiting.get_by_label("理由").fill("餐饮许可由该局核发，维持派单")
    waiting.get_by_role("button", name="维持").click()
    expect(page.get_by_role("status").filter(has_text="办理结果")).to_contain_text("已维持", timeout=SOON)
    ruled = stage.person(STREET).get(f"/api/dispatch/assignments/{part['id']}")["assignment"]
    assert (ruled["state"], ruled["dispute"]["upheld"]) == ("to_sign", True)


def test_a_ruling_that_meets_anothers_keeps_what_was_typed_and_says_so(
    browser: Browser, stage: Stage, town: Town
) -> None:
    case, part = disputed(stage)
    with walker(browser, town.url, STREET) as someone:
        someone.quiet_about(409)
        page = someone.page
        page.route("**/api/live", lambda _route: None)  # nobody tells this page what others do
        someone.open("/rulings")
        waiting = row(page, case)
        waiting.get_by_role("button", name="裁定").click(timeout=SOON)
        expect(waiting).to_contain_text("不属于餐饮许可事项")
        waiting.get_by_label("理由").fill("维持派单")
        dismiss(stage, part)
        waiting.get_by_role("button", name="维持").click()
        expect(waiting.get_by_role("alert")).to_contain_text("刚才有人改过")
        expect(waiting.get_by_label("理由")).to_have_value("维持派单")
    ruled = stage.person(STREET).get(f"/api/dispatch/assignments/{part['id']}")["assignment"]["dispute"]
    assert (ruled["ruled_by"], ruled["ruling_reason"]) == (DISTRICT, "区里已核实")


def test_what_was_typed_stays_when_somebody_else_rules_meanwhile(street: Walker, stage: Stage, town: Town) -> None:
    page = street.page
    case, part = disputed(stage)
    page.goto(f"{town.url}/rulings?matter=dispute")
    waiting = row(page, case)
    waiting.get_by_role("button", name="裁定").click(timeout=SOON)
    waiting.get_by_label("理由").fill("维持派单")
    dismiss(stage, part)
    expect(waiting.get_by_role("status")).to_contain_text("您填的内容还在", timeout=SOON)
    expect(waiting.get_by_label("理由")).to_have_value("维持派单")
    waiting.get_by_role("button", name="不要了").click()
    expect(waiting).to_have_count(0)


def test_many_cases_are_urged_at_once_with_a_result_for_each(street: Walker, stage: Stage, town: Town) -> None:
    page = street.page
    street.quiet_about(409)
    cases = [whistled(stage) for _ in range(2)]
    for case in cases:
        assignment(stage, case, "zhujian")
    urged = stage.person(STREET).post(f"/api/supervision/cases/{cases[0]['id']}/urgings", {"text": "请立即签收"})
    assert len(urged["items"]) == 3
    page.goto(f"{town.url}/cases?open=true")
    for case in cases:
        page.get_by_role("checkbox", name=f"选中 {case['number']}").check(timeout=SOON)
    page.get_by_label("催办内容").fill("今日内到现场")
    page.get_by_role("button", name="批量催办").click()
    page.get_by_role("button", name="确认 · 批量催办").click()
    results = page.get_by_role("status").filter(has_text="办理结果")
    refused, told = (results.get_by_role("listitem").filter(has_text=case["number"]) for case in cases)
    expect(refused).to_contain_text("✗ 一个工作小时内已催办过", timeout=SOON)
    expect(told).to_contain_text("✓ 已催办：", timeout=SOON)
    expect(told).to_contain_text("区住建局")
    expect(page.get_by_role("checkbox", name=f"选中 {cases[0]['number']}")).to_be_checked()  # to be tried again
    expect(page.get_by_role("checkbox", name=f"选中 {cases[1]['number']}")).not_to_be_checked()
    path = f"/api/supervision/orders?case_id={cases[1]['id']}&kind=urging"
    assert [one["text"] for one in stage.person(STREET).get(path)["items"]] == ["今日内到现场"] * 3


def test_a_supervisors_list_is_kept_under_a_name_and_walked_by_keyboard(
    street: Walker, stage: Stage, town: Town
) -> None:
    page = street.page
    case = whistled(stage)
    assignment(stage, case, "zhujian")
    stage.person(STREET).post(f"/api/supervision/cases/{case['id']}/urgings", {"text": "请立即签收"})
    page.goto(f"{town.url}/orders?kind=urging")
    page.get_by_label("给这组筛选取个名").fill("催办过的")
    page.keyboard.press("Enter")
    page.goto(f"{town.url}/measures")
    expect(page.get_by_text("常用的筛选可以取名保存")).to_be_visible()  # each page has its own
    page.goto(f"{town.url}/orders")
    page.get_by_role("button", name="催办过的", exact=True).click()
    expect(page).to_have_url(re.compile("kind=urging"))
    expect(row(page, case).first).to_be_visible(timeout=SOON)
    page.get_by_role("heading", level=1).click()
    page.keyboard.press("?")
    help_sheet = page.get_by_role("dialog", name="快捷键")
    expect(help_sheet.get_by_role("row", name="j 下一行（回车打开）")).to_be_visible()
    page.keyboard.press("Escape")
    expect(help_sheet).to_be_hidden()
    page.keyboard.press("j")
    page.keyboard.press("j")
    page.keyboard.press("k")
    expect(page.locator("a[data-row]").first).to_be_focused()
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("/cases/[0-9a-f-]{36}$"))


def test_a_ranking_leads_down_to_a_departments_measures(street: Walker, town: Town) -> None:
    page = street.page
    page.goto(f"{town.url}/ranking")
    page.get_by_role("rowheader").get_by_role("link", name="区住建局").press("Enter")
    expect(page.get_by_role("region", name=re.compile("区住建局的案件（全部指标）")).first).to_be_visible(timeout=SOON)


@pytest.mark.parametrize("size", [DESK, PHONE], ids=["desk", "phone"])
def test_the_menu_opens_by_keyboard_fits_and_bars_nobody(browser: Browser, town: Town, size: dict[str, int]) -> None:
    with walker(browser, town.url, STREET, size=size) as someone:
        page = someone.open("/rulings")
        menu = page.get_by_role("navigation", name="主菜单")
        names = menu.locator("summary")
        expect(names).to_have_text(["看", "办 · 待裁定", "配置"])
        for at in range(3):
            names.nth(at).press("Enter")
            expect(menu.get_by_role("link")).to_have_count(4)  # of this group only
            assert not overflows(page)
        assert not barriers(page), barriers(page)
        page.keyboard.press("Escape")
        expect(menu.get_by_role("link")).to_have_count(0)
        expect(names.last).to_be_focused()
        names.first.press("Enter")
        page.keyboard.press("Tab")
        page.keyboard.press("Tab")
        page.keyboard.press("Enter")
        expect(page.get_by_role("heading", level=1, name="案件")).to_be_visible()
        expect(menu.get_by_role("link")).to_have_count(0)


def test_extensions_are_granted_many_at_once_with_a_result_for_each(street: Walker, stage: Stage, town: Town) -> None:
    page = street.page
    cases = [whistled(stage) for _ in range(2)]
    parts = [assignment(stage, case, "chengguan") for case in cases]
    officer = stage.person("officer.chengguan")
    for part in parts:
        officer.post(f"/api/dispatch/assignments/{part['id']}/signature")
        body = {"minutes": 60, "reason": "等待材料"}
        officer.post(f"/api/dispatch/assignments/{part['id']}/extensions", body)
    page.goto(f"{town.url}/rulings")
    for case in cases:
        page.get_by_role("checkbox", name=f"选择 {case['number']}").check(timeout=SOON)
    page.get_by_label("理由").fill("情况属实")
    page.get_by_role("button", name="批量准予（2 件）").press("Enter")
    page.keyboard.press("Enter")  # the focus is on what confirms
    results = page.get_by_role("status").filter(has_text="办理结果")
    for case, part in zip(cases, parts, strict=True):
        result = results.get_by_role("listitem").filter(has_text=case["number"])
        expect(result).to_contain_text("已准予", timeout=SOON)
        ruled = stage.person(STREET).get(f"/api/dispatch/assignments/{part['id']}")["assignment"]
        assert ruled["extensions"][0]["granted"] is True


def test_an_urging_is_told_and_an_order_is_answered_and_accepted(street: Walker, stage: Stage, town: Town) -> None:
    page = street.page
    street.quiet_about(409)
    case = whistled(stage)
    part = assignment(stage, case, "zhujian")
    page.goto(f"{town.url}/cases/{case['id']}")
    urging = page.locator("section.card").filter(has=page.get_by_role("heading", name="催办"))
    urging.get_by_label("催办谁").select_option(label=part["name"])
    urging.get_by_label("催办内容").fill("请立即签收")
    urging.get_by_role("button", name="催办").click()
    expect(urging.get_by_role("status")).to_contain_text(part["name"], timeout=SOON)
    urging.get_by_label("催办内容").fill("再催一次")
    urging.get_by_role("button", name="催办").click()
    expect(urging.get_by_role("alert")).to_contain_text("一个工作小时内已催办过", timeout=SOON)

    order = page.locator("section.card").filter(has=page.get_by_role("heading", name="督办"))
    order.get_by_label("督办谁").select_option(label=part["name"])
    order.get_by_label("督办内容").fill("请于明日前说明漏点处置方案")
    order.get_by_role("button", name="督办").click()
    expect(order.get_by_role("status")).to_contain_text("已下达督办", timeout=SOON)
    expect(page.get_by_text("督办中").first).to_be_visible(timeout=SOON)

    issued = stage.person("officer.zhujian").get(f"/api/supervision/orders?case_id={case['id']}&kind=order")["items"]
    stage.person("officer.zhujian").post(f"/api/supervision/orders/{issued[0]['id']}/answers", {"text": "明日进场重做"})
    page.goto(f"{town.url}/orders")
    answered = row(page, case).filter(has_text="明日进场重做")
    answered.get_by_role("button", name="认可回复").click(timeout=SOON)
    answered.get_by_role("button", name="确定").click()
    expect(answered).to_contain_text("已认可", timeout=SOON)
    assert stage.person(STREET).get(f"/api/supervision/orders?case_id={case['id']}")["items"]


def test_a_measure_leads_down_to_its_cases_and_is_saved(street: Walker, stage: Stage, town: Town) -> None:
    page = street.page
    number = stage.person(STREET).get(f"/api/supervision/cases/{town.story}")["number"]
    page.goto(f"{town.url}/measures")
    page.get_by_role("button", name=re.compile("^区住建局 报到率")).press("Enter")
    behind = page.get_by_role("region", name=re.compile("区住建局的案件（报到率）")).first
    expect(behind.get_by_role("link", name=number)).to_be_visible(timeout=SOON)
    with page.expect_download() as saved:
        page.get_by_role("button", name="下载 XLSX").click()
    assert saved.value.path().read_bytes().startswith(b"PK")
    with page.expect_download() as saved:
        page.get_by_role("button", name="下载 CSV").click()
    assert "签收及时率" in saved.value.path().read_text("utf-8-sig")


def test_a_ranking_shows_its_weights(street: Walker, town: Town) -> None:
    page = street.page
    page.goto(f"{town.url}/ranking")
    expect(page.get_by_role("columnheader").filter(has_text=re.compile(r"权重 \d")).first).to_be_visible()
    page.get_by_label("榜单").select_option("communities")
    expect(page.get_by_role("rowheader").first).to_contain_text("社区")


def test_a_responsibility_table_is_refused_row_by_row_then_tried_then_imported(
    administrator: Walker, stage: Stage
) -> None:
    page = administrator.page
    administrator.quiet_about(422)
    before = TABLE.read_text("utf-8")
    wrong = before + "E99-99,cj,zhujian,\nE01-02,cj.nowhere,chengguan,\n"
    page.get_by_label("文件").set_input_files({"name": "wrong.csv", "mimeType": "text/csv", "buffer": wrong.encode()})
    page.get_by_role("button", name="试装").click()
    errors = page.get_by_role("region", name="逐行错误")
    expect(errors).to_contain_text("E99-99", timeout=SOON)
    expect(errors).to_contain_text("cj.nowhere")

    right = before.replace("E01-02,cj,chengguan,wuye\n", "E01-02,cj,chengguan,wuye xiaofang\n")
    page.get_by_label("文件").set_input_files({"name": "table.xlsx", "mimeType": XLSX, "buffer": workbook(right)})
    page.get_by_role("button", name="试装").click()
    difference = page.get_by_role("region", name="改动")
    expect(difference).to_contain_text("更改", timeout=SOON)
    path = "/api/directory/responsibility?category=E01-02"
    assert stage.person(ADMINISTRATOR).get(path)["items"][0]["supports"] == ["wuye"]  # only tried
    page.get_by_role("button", name="装入", exact=True).click()
    page.get_by_role("button", name="确定").click()
    expect(page.get_by_text("已装入，现为")).to_be_visible(timeout=SOON)
    assert stage.person(ADMINISTRATOR).get(path)["items"][0]["supports"] == ["wuye", "xiaofang"]
    stage.person(ADMINISTRATOR).post("/api/directory/responsibility", data=before.encode())  # as others expect it


def test_a_year_of_holidays_is_seen_and_then_imported(administrator: Walker, town: Town) -> None:
    page = administrator.page
    administrator.quiet_about(422)
    page.goto(f"{town.url}/settings/calendar")
    wrong = "year,from,to,day,name\n2030,2031-01-01,2031-01-01,holiday,元旦\n"
    page.get_by_label("文件").set_input_files({"name": "2030.csv", "mimeType": "text/csv", "buffer": wrong.encode()})
    page.get_by_role("button", name="装入").click()
    page.get_by_role("button", name="确定").click()
    expect(page.get_by_role("region", name="逐行错误")).to_contain_text("2030", timeout=SOON)


def test_an_account_is_suspended_and_reinstated(administrator: Walker, stage: Stage, town: Town) -> None:
    page = administrator.page
    page.goto(f"{town.url}/settings/people")
    for name, reason, state in (("停用", "长期病假", "已停用"), ("恢复", "病愈返岗", "正常")):
        line = page.get_by_role("row").filter(has_text="officer.renshe")
        line.get_by_role("button", name=f"{name} 薛勤业").click(timeout=SOON)
        line.get_by_label("理由").fill(reason)
        line.get_by_role("button", name=name, exact=True).click()
        line.get_by_role("button", name="确定").click()
        expect(line).to_contain_text(state, timeout=SOON)
    people = stage.person(ADMINISTRATOR).get("/api/directory/people?department=renshe")["items"]
    assert [one["state"] for one in people] == ["active"]


def test_a_parked_message_is_replayed_and_given_up(administrator: Walker, stage: Stage, town: Town) -> None:
    page = administrator.page
    body = f"rubbish {uuid4()}".encode()
    wire = Wire(town.amqp_url, "test")
    try:
        message = amqp.Message(body, delivery_mode=2)
        wire.channel.basic_publish_confirm(message, "", queue_name("notice", "dispatch"), mandatory=True)
    finally:
        wire.close()
    asking = stage.person(ADMINISTRATOR)
    stage.until("it is parked", (("dispatch", "notice"),), lambda: asking.get("/api/notice/parked")["items"])
    page.goto(f"{town.url}/parked")
    rows = page.get_by_role("listitem").filter(has_text="通知")
    rows.get_by_role("button", name="查看与处理").click(timeout=SOON)
    expect(page.get_by_role("region", name="内容")).to_contain_text(repr(body), timeout=SOON)
    page.get_by_role("button", name="重放").click()
    expect(page.get_by_role("status").filter(has_text="已重放")).to_be_visible(timeout=SOON)
    stage.until("it is parked again", (("dispatch", "notice"),), lambda: asking.get("/api/notice/parked")["items"])
    page.get_by_role("button", name="刷新").click()
    rows.get_by_role("button", name="查看与处理").click(timeout=SOON)
    page.get_by_role("button", name="丢弃").click()
    page.get_by_role("button", name="确定").click()
    expect(page.get_by_text("没有搁置的消息")).to_be_visible(timeout=SOON)
    assert asking.get("/api/notice/parked")["items"] == []


def test_the_district_suspends_a_case_and_lets_it_go_on(browser: Browser, stage: Stage, town: Town) -> None:
    case = whistled(stage)
    part = assignment(stage, case, "zhujian")
    officer, path = stage.person("officer.zhujian"), f"/api/dispatch/assignments/{part['id']}"
    officer.post(f"{path}/signature")
    officer.post(f"{path}/report", SITE)
    with walker(browser, town.url, DISTRICT) as someone:
        page = someone.open(f"/cases/{case['id']}")
        action = page.locator("section.card").filter(has=page.get_by_role("button", name="挂账"))
        action.get_by_label("理由").fill("等待产权认定")
        action.get_by_role("button", name="挂账").click(timeout=SOON)
        expect(page.get_by_role("heading", name="恢复办理")).to_be_visible(timeout=SOON)
        page.goto(f"{town.url}/rulings")
        waiting = row(page, case)
        waiting.get_by_role("button", name="裁定").click(timeout=SOON)
        waiting.get_by_label("理由").fill("产权已认定")
        waiting.get_by_role("button", name="恢复办理").click()
        expect(page.get_by_role("status").filter(has_text="办理结果")).to_contain_text("已恢复办理", timeout=SOON)
    assert stage.person(DISTRICT).get(f"/api/dispatch/cases/{case['id']}")["case"]["state"] == "in_progress"


def workbook(table: str) -> bytes:
    """A CSV's rows as a spreadsheet."""
    book, buffer = Workbook(), io.BytesIO()
    assert book.active is not None
    for line in table.splitlines():
        book.active.append(line.split(","))
    book.save(buffer)
    return buffer.getvalue()
