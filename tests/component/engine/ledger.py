"""A service small enough to test the engine with: accounts that take amounts and announce them."""

from types import SimpleNamespace
from typing import Any
from uuid import UUID

from msgspec import Struct
from sqlalchemy import CheckConstraint, Column, Integer, MetaData, Table, Text, Uuid
from sqlalchemy.dialects.postgresql import JSONB

from shared.contracts.notice import SummonsDeliveredV1
from shared.engine.handlers import Handler, Handlers
from shared.engine.work import Context, Given, Loaded, Needs, Outcome, changed, many, one
from shared.errors import Conflict
from shared.store.plumbing import plumbing

metadata = MetaData(schema="ledger")
account = Table(
    "account",
    metadata,
    Column("id", Uuid(), primary_key=True),
    Column("owner", Text, nullable=False, unique=True),
    Column("total", Integer, CheckConstraint("total < 1000", name="not_too_much"), nullable=False),
    Column("amounts", JSONB, nullable=False),
    Column("version", Integer, nullable=False),
)
tables = plumbing(metadata)


class Account(Struct, frozen=True):
    """Takes amounts."""

    id: UUID
    owner: str
    total: int = 0
    amounts: tuple[int, ...] = ()
    version: int = 1


AGGREGATES: dict[type[Any], Table] = {Account: account}


class Open(Struct, frozen=True):
    """Open an account."""

    id: UUID
    owner: str


class Add(Struct, frozen=True):
    """Add an amount; 0 is refused, a negative one breaks the command."""

    id: UUID
    amount: int


class AddToListed(Struct, frozen=True):
    """Add an amount to each account that the snapshot `list` names."""

    amount: int


def needs_account(command: Any) -> Needs:
    yield one(Account, command.id)


def needs_owner(command: Any) -> Needs:
    yield one(Account, command.id)
    yield many(Account, "owner", command.owner)


def open_account(command: Open, loaded: Loaded, context: Context) -> Outcome:
    context.allow(command)
    if loaded.many(Account, "owner", command.owner):
        raise Conflict("already-exists", owner=command.owner)
    opened = Account(command.id, command.owner)
    return Outcome(new=(opened,), events=(delivered(command.id, context),), result=opened)


def add(command: Add, loaded: Loaded, context: Context) -> Outcome:
    found = loaded.one(Account, command.id)
    context.allow(command)
    if command.amount == 0:
        raise Conflict("nothing", amount=0)
    if command.amount < 0:
        raise ZeroDivisionError
    after = changed(found, total=found.total + command.amount, amounts=(*found.amounts, command.amount))
    return Outcome(changed=(after,), events=(delivered(command.id, context),), result=after)


def needs_listed(_command: AddToListed) -> Needs:
    yield Given(lambda loaded: [one(Account, id) for id in listed(loaded)])


def add_to_listed(command: AddToListed, loaded: Loaded, context: Context) -> Outcome:
    context.allow(command)
    found = [loaded.one(Account, id) for id in listed(loaded)]
    added = tuple(changed(account, total=account.total + command.amount) for account in found)
    return Outcome(changed=added, result=added[0])


def listed(loaded: Loaded) -> list[UUID]:
    """The accounts that the snapshot names."""
    return [UUID(id) for id in loaded.reference("list")]


def delivered(id: UUID, context: Context) -> SummonsDeliveredV1:
    """Any event will do."""
    return SummonsDeliveredV1(case_id=id, assignments=(), delivered_at=context.now)


HANDLERS: Handlers = {
    Open: Handler(needs_owner, open_account),
    Add: Handler(needs_account, add),
    AddToListed: Handler(needs_listed, add_to_listed),
}
ledger = SimpleNamespace(metadata=metadata, aggregates=AGGREGATES, handlers=HANDLERS)
