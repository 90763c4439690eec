"""What walks prepare through the API before they begin."""

from playwright.sync_api import Page, expect

from tools.client import Json
from tools.story import Stage, acting, asking
from tools.story.stage import photo

PATIENCE = 20_000  # milliseconds until what the services tell each other must be on the page
INSPECTOR, REVIEWER, CALLER = "grid.honghu.g03", "reviewer.sanhe", "callback.sanhe"


def known(stage: Stage, case: Json, state: str) -> str:
    """The case's page, once supervision knows that it stands there."""
    path = f"/cases/{case['id']}"
    person = stage.person(REVIEWER)
    stage.until("", (), lambda: person.get(f"/api/supervision{path}")["state"] == state)
    return path


def handled(stage: Stage) -> tuple[Json, acting.Summons]:
    """A case that every department has fed back."""
    case = asking.complaint(stage)
    asking.whistle(stage, case)
    summons = acting.summoned(stage, case)
    acting.report_in(stage, summons)
    acting.feed_back(stage, summons)
    return case, summons


def verify(stage: Stage, case: Json) -> None:
    """Somebody who did not handle it finds it in order."""
    inspector = stage.person(INSPECTOR)
    sent = inspector.post("/api/closure/photos?name=dry.jpg", data=photo("dry"))
    verified = f"/api/closure/cases/{case['id']}/passed-verifications"
    stage.until("", (), lambda: inspector.post(verified, {"photos": [sent["id"]], "condition_met": True}))


def stands(page: Page, said: str) -> None:
    """The case's page says that it stands there, without being loaded again."""
    expect(page.locator("main header").get_by_text(said, exact=True)).to_be_visible(timeout=PATIENCE)
