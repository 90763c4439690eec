"""What loading a town adds, changes, announces, and leaves alone."""

import json

import pytest
from msgspec.structs import replace

from services.directory.commands import load_town
from services.directory.commands.load_town import LoadTown, TownLoaded
from services.directory.domain.dataset import Dataset
from services.directory.domain.person import Person
from services.directory.domain.transitions import AccountState
from shared.errors import Forbidden, Invalid
from tests.support.deciding import decide
from tests.unit.directory.samples import (
    ADMINISTRATOR,
    CLERK_ENTRY,
    GRID_HEAD,
    HEAD,
    OFFICER_ENTRY,
    announced,
    area,
    town,
)

SETS = {"areas", "departments", "categories", "kinds", "responsibility", "officers"}


def loaded(command: LoadTown) -> tuple[Dataset | Person, ...]:
    """The directory after this town was loaded into an empty one."""
    return tuple(decide(load_town, command).new)


def test_the_first_load_adds_everything_and_announces_every_set() -> None:
    """Each in its first version, and its subject is its name."""
    outcome = decide(load_town, town())
    assert {name: version for name, (version, _) in announced(outcome.events).items()} == dict.fromkeys(SETS, 1)
    assert outcome.result == TownLoaded(
        datasets=dict.fromkeys([*town().datasets, "responsible"], 1),
        added=("clerk.honghu", "officer.zhujian"),
        changed=(),
        missing=(),
    )
    assert outcome.changed == []


def test_new_people_get_an_active_account_with_their_first_password() -> None:
    """And everything that the table says of them."""
    [clerk, _] = (one for one in loaded(town()) if isinstance(one, Person))
    assert clerk == Person.entered(CLERK_ENTRY)
    assert (clerk.state, clerk.password_hash) == (AccountState.ACTIVE, "hash of the first password")


def test_an_unchanged_town_changes_and_announces_nothing() -> None:
    """Loaded twice is loaded once; known people come without a password."""
    again = town(replace(CLERK_ENTRY, password_hash=""), replace(OFFICER_ENTRY, password_hash=""))
    outcome = decide(load_town, again, *loaded(town()))
    assert ([*outcome.new], [*outcome.changed], [*outcome.events]) == ([], [], [])
    assert outcome.result == TownLoaded(datasets={}, added=(), changed=(), missing=())


def test_only_what_changed_gets_a_new_version_and_is_announced() -> None:
    """One set of six."""
    changed = town(departments=({"code": "zhujian"}, {"code": "chengguan"}))
    outcome = decide(load_town, changed, *loaded(town()))
    assert announced(outcome.events) == {"departments": (2, [{"code": "zhujian"}, {"code": "chengguan"}])}
    assert outcome.result.datasets == {"departments": 2}
    assert [one.version for one in outcome.changed] == [2]


def test_the_names_of_who_answers_for_an_area_are_never_announced() -> None:
    """Only the title, and the id of an account; the names stay here."""
    outcome = decide(load_town, town())
    [_, areas] = announced(outcome.events)["areas"]
    assert areas[0]["responsible"] == [{"title": "社区党委书记", "person_id": "secretary.honghu"}]
    assert areas[1]["responsible"] == [{"title": "网格长"}]
    told = json.dumps([event.content for event in outcome.events], ensure_ascii=False)
    assert "许文竹" not in told
    assert "谷雨生" not in told
    [kept] = (one for one in outcome.new if isinstance(one, Dataset) and one.id == "responsible")
    assert kept.content[0] == {"area": "cj.sanhe.honghu", "responsible": [HEAD]}


def test_another_name_under_the_same_title_is_kept_and_not_announced() -> None:
    """Nobody else has anything new to learn."""
    successor = area("cj.sanhe.honghu.g03", {**GRID_HEAD, "name": "严水清"})
    outcome = decide(load_town, town(areas=(area("cj.sanhe.honghu", HEAD), successor)), *loaded(town()))
    assert outcome.result.datasets == {"responsible": 2}
    assert outcome.events == []


def test_a_set_that_the_contract_does_not_know_is_kept_and_not_announced() -> None:
    """What may be told is named one by one."""
    outcome = decide(load_town, town(secrets=({"code": "x"},)))
    assert "secrets" in outcome.result.datasets
    assert "secrets" not in announced(outcome.events)


def test_people_who_exist_keep_their_password_state_and_failures() -> None:
    """Whatever the table's first password is."""
    known = replace(
        Person.entered(CLERK_ENTRY), password_hash="her own", state=AccountState.SUSPENDED, failed_logins=3, version=9
    )
    moved = replace(CLERK_ENTRY, area="cj.sanhe", roles=("intake_clerk", "reviewer"), password_hash="the first again")
    outcome = decide(load_town, town(moved), known)
    [person] = outcome.changed
    assert person == replace(known, area="cj.sanhe", roles=("intake_clerk", "reviewer"), version=10)
    assert outcome.result.changed == ("clerk.honghu",)


def test_people_missing_from_the_table_are_left_alone_and_named() -> None:
    """Suspended ones too."""
    gone = replace(Person.entered(OFFICER_ENTRY), state=AccountState.SUSPENDED)
    outcome = decide(load_town, town(CLERK_ENTRY), Person.entered(CLERK_ENTRY), gone)
    assert outcome.result.missing == ("officer.zhujian",)
    assert outcome.changed == []


def test_somebody_new_without_a_first_password_is_refused() -> None:
    """Their account could never be used."""
    with pytest.raises(Invalid) as refused:
        decide(load_town, town(replace(CLERK_ENTRY, password_hash="")))
    assert (refused.value.slug, refused.value.facts) == ("first-password-missing", {"person": "clerk.honghu"})


def test_only_the_system_loads_a_town() -> None:
    """No role can, by any door."""
    with pytest.raises(Forbidden):
        decide(load_town, replace(town(), actor=ADMINISTRATOR))
