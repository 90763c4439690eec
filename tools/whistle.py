"""The command line `whistle`: one command a line, each in a file of its own."""

import os
import sys
import warnings
from pathlib import Path
from typing import Annotated

import typer

# The services' rim imports it; what it says about new projects is known (decision 7).
warnings.filterwarnings("ignore", message=r"\s*Eventlet is deprecated")

app = typer.Typer(
    help="吹哨报到 Whistle: one complaint summons every responsible department.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)


@app.command()
def serve(service: Annotated[str, typer.Argument(help="directory, intake, dispatch, enforcement, closure, …")]) -> None:
    """Run one service until it is told to stop 运行一个服务."""
    # A process of its own: it must become green before anything is imported.
    os.execv(sys.executable, [sys.executable, "-W", "ignore::DeprecationWarning", "-m", "tools.serve", service])


@app.command()
def migrate(
    service: Annotated[str, typer.Argument(help="one service; without it, every one")] = "",
    revision: Annotated[str, typer.Option(help="how far")] = "head",
) -> None:
    """Bring the database's schemas up to date 升级数据库结构."""
    from tools.migrate import migrate as run

    run(service, revision)


@app.command()
def keys(directory: Annotated[Path | None, typer.Argument(help="WHISTLE_KEYS unless given")] = None) -> None:
    """Make the keys that sign tokens, if they are missing 生成登录令牌密钥."""
    from shared.access.token import ensure_keys

    found = directory or Path(os.environ.get("WHISTLE_KEYS", "var/keys"))
    ensure_keys(found)
    print(f"keys in {found}")


@app.command()
def run() -> None:
    """Run the whole system on this machine until Ctrl-C 在本机运行整套系统."""
    from tools.run import run as run_all

    raise typer.Exit(run_all())


@app.command()
def demo() -> None:
    """Run the whole system, play the story step by step, and end 演示."""
    from tools.run import demo as play

    raise typer.Exit(play())


@app.command()
def load(
    directory: Annotated[Path, typer.Argument(exists=True, file_okay=False, help="as deploy/example-town has it")],
) -> None:
    """Check a town and load it 装入名录: every wrong row is told, and then nothing is changed."""
    from tools.load import load as run

    run(directory)


@app.command(add_help_option=False, context_settings={"allow_extra_args": True, "ignore_unknown_options": True})
def calendar(context: typer.Context) -> None:
    """Holidays and make-up workdays: import a year 放假调休."""
    from tools.calendar import app as run

    run(context.args, prog_name="whistle calendar")


@app.command(add_help_option=False, context_settings={"allow_extra_args": True, "ignore_unknown_options": True})
def parked(context: typer.Context) -> None:
    """Messages that could not take effect: list, show, replay, discard 搁置的消息."""
    from tools.parked import app as run

    run(context.args, prog_name="whistle parked")


@app.command()
def announce(
    service: Annotated[str, typer.Argument(help="the service that announced it")],
    subjects: Annotated[list[str] | None, typer.Argument(help="cases, or reference:<name>; else everything")] = None,
) -> None:
    """Let a service announce again what a subscriber lost or never had 再次发布."""
    from tools.announce import announce as run

    run(service, subjects)


@app.command()
def asyncapi(output: Annotated[Path | None, typer.Argument(help="a file; else the screen")] = None) -> None:
    """Write the AsyncAPI document of every message 生成消息接口文档."""
    from tools.asyncapi import asyncapi as run

    run(output)


@app.command()
def openapi(output: Annotated[Path | None, typer.Argument(help="a file; else the screen")] = None) -> None:
    """Write the OpenAPI document of every service 生成接口文档."""
    from tools.openapi import openapi as run

    run(output)


@app.command()
def rebuild() -> None:
    """Make supervision's cases and sums again from its journal 重建案卷与指标."""
    from tools.rebuild import main

    main()
