"""`whistle run` and `whistle demo`: the whole system on this machine, and the story on it."""

import csv
import io
import signal
import sys
from collections.abc import Callable
from pathlib import Path

import psycopg

from tools.child import ProgramFailed
from tools.client import Api, Refused
from tools.servers.postgres import plain
from tools.servers.private import ServerFailed
from tools.story import Stage, play, silence
from tools.story.stage import PASSWORD, StoryFailed
from tools.supervisor import ending_on_sigterm
from tools.system import EXAMPLE_TOWN, System, from_environment

VAR = Path("var")
FAILURES = (ProgramFailed, Refused, ServerFailed, StoryFailed)


def demo() -> int:
    """Play the story once, step by step; 0 if it ended as it must and nothing was lost."""

    def show(system: System) -> int:
        from tools.reckoning import arrived  # not needed, and costs memory, while `run` stays up

        api = Api(system.url)
        played = play(api)
        silence(Stage(api))
        reckoning = arrived(system.database_url, str(played.case_id))
        for gap in reckoning.gaps:
            print(f"lost: {gap}")
        lost = len(reckoning.gaps) + reckoning.unsent + reckoning.parked
        print(
            f"\ndemo: closed in {played.seconds:.1f} s, {played.departments} departments, "
            f"{reckoning.messages} messages, {lost} lost"
        )
        return 0 if lost == 0 else 1

    return _with_system(show)


def run() -> int:
    """Stay up until Ctrl-C; the story is played once, so that nothing is empty."""

    def stay(system: System) -> int:
        if not _has_cases(system):
            print("playing the story once, so that nothing is empty 先演一遍故事")
            api = Api(system.url)
            play(api, say=lambda _line: None)
            silence(Stage(api, say=lambda _line: None))
        _welcome(system)
        signal.pause()
        return 0

    return _with_system(stay)


def _with_system(what: Callable[[System], int]) -> int:
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(line_buffering=True)  # whoever reads it from a file or a pipe wants it at once, too
    try:
        with ending_on_sigterm(), from_environment(VAR) as system:
            return what(system)
    except KeyboardInterrupt:
        print("\nstopped 已停止")
        return 0
    except FAILURES as failure:
        print(f"\nwhistle: {type(failure).__name__}: {failure}\n(logs in {VAR / 'log'})")
        return 1


def _has_cases(system: System) -> bool:
    with psycopg.connect(plain(system.database_url)) as connection:
        found = connection.execute('SELECT EXISTS (SELECT FROM closure."case")').fetchone()
    return bool(found and found[0])


def _welcome(system: System) -> None:
    print(f"\n吹哨报到 Whistle: {system.url}   (OpenAPI: {system.url}/api/openapi.json)\n")
    print(f"登录名 logins, 口令 password: {PASSWORD}")
    with (EXAMPLE_TOWN / "people.csv").open(encoding="utf-8", newline="") as file:
        by_role: dict[str, list[str]] = {}
        for row in csv.DictReader(file):
            for role in row["roles"].split():
                by_role.setdefault(role, []).append(row["id"])
    for role, people in by_role.items():
        more = f" … ({len(people)})" if len(people) > 4 else ""
        print(f"  {role:<20} {', '.join(people[:4])}{more}")
    print("\nCtrl-C 停止 stops everything.")
