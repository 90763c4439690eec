"""One batch, from what arrived to what is written: recall, follow, load, decide in turn, and gather the changes."""

import traceback
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from msgspec import Struct

from shared.access.actor import Actor, Scope
from shared.contracts import registry
from shared.engine.handlers import Handlers
from shared.engine.identity import IdentityMap
from shared.engine.reference import KeepReference, References
from shared.engine.streams import PARKED, WAITING, Streams
from shared.engine.work import Context, Given, Need, Outcome, Permit, Reference
from shared.engine.works import Announced, Message, Result, Trace, Work
from shared.errors import AppError, KeyReused
from shared.runtime import log
from shared.runtime.clock import derived
from shared.store.changes import Changes, Claim, Key, Observation, RowKey, Snapshot
from shared.store.store import Transaction

DETAIL_LIMIT = 8_000  # characters of a traceback that are kept with a parked message


class Unasked(Exception):
    """A command changed something without asking the policy whether its actor may: a fault in the command."""


class Rules(Struct, frozen=True):
    """What a service's engine decides by; `service` is its name."""

    service: str
    handlers: Handlers
    permit: Permit
    read: Callable[[Message], Work]
    references: References


class Batch:
    """Decides the works of one transaction. A work's failure is only its own result."""

    def __init__(self, rules: Rules, transaction: Transaction, now: datetime) -> None:
        self._rules = rules
        self._transaction = transaction
        self._now = now
        self._streams = Streams(rules.read)
        self._results: dict[UUID, Result] = {}
        self._claims: dict[str, Claim] = {}
        self._claimed: list[Claim] = []
        self._events: list[Announced] = []
        self._snapshots: dict[str, Snapshot] = {}
        self._counts: Counter[Key] = Counter()
        self._listed: dict[RowKey, Any] = {}
        self._observed: list[Observation] = []
        self._unreadable: list[Work] = []
        self._failed: dict[UUID, Exception] = {}
        self.failures = 0

    def decide(self, works: Sequence[Work]) -> tuple[list[Result], Changes]:
        """Each work's result, in the order of the works, and what is to be written."""
        keys = [work.key for work in works if work.key]
        self._claims = self._transaction.recall(keys) if keys else {}
        self._unreadable = [work for work in works if work.message is not None and not work.message.sequence]
        messages = [work for work in works if work.message is not None and work.message.sequence]
        ordered = [
            *(self._streams.arrange(self._transaction, messages) if messages else ()),
            *(work for work in works if work.message is None),
        ]
        identity = self._load(ordered)
        for work in ordered:
            self._results[work.id] = self._one(work, identity)
        for work in self._unreadable:
            self._park(work, work.flaw, "")
        return [self._results.get(work.id, Result(PARKED)) for work in works], self._changes(identity)

    def _load(self, works: Sequence[Work]) -> IdentityMap:
        wanted = {work.id: self._wanted(work) for work in works if not self._needs_nothing(work)}
        asks_town = any(isinstance(need, Reference | Given) for needs in wanted.values() for need in needs)
        known = self._rules.references.current(self._transaction) if asks_town else {}
        town = IdentityMap({}, known)
        needs = [need for id, of_work in wanted.items() for need in self._named(id, of_work, town)]
        return IdentityMap(self._transaction.load(needs) if needs else {}, known)

    def _needs_nothing(self, work: Work) -> bool:
        return work.command is None or isinstance(work.command, KeepReference) or self._is_settled(work)

    def _wanted(self, work: Work) -> list[Need | Reference | Given]:
        try:
            return list(self._rules.handlers[type(work.command)].needs(work.command))
        except Exception as failure:  # noqa: BLE001 - the command's own fault: raised when its turn comes
            self._failed[work.id] = failure
            return []

    def _named(self, work: UUID, wanted: Iterable[Need | Reference | Given], town: IdentityMap) -> list[Need]:
        """What is to be loaded, with what only the snapshots could tell."""
        try:
            plain = [need for need in wanted if isinstance(need, Need)]
            return plain + [need for given in wanted if isinstance(given, Given) for need in given.needs(town)]
        except Exception as failure:  # noqa: BLE001 - as above
            self._failed[work] = failure
            return []

    def _is_settled(self, work: Work) -> bool:
        """Whether nothing has to be loaded for it: it was answered before, or took effect before."""
        if work.message is not None:
            return bool(work.flaw) or self._streams.is_had(work.message)
        return work.key in self._claims

    def _one(self, work: Work, identity: IdentityMap) -> Result:
        if work.message is None:
            return self._request(work, identity)
        if self._streams.is_had(work.message):
            return Result("duplicate")
        if self._streams.is_early(work.message):
            self._streams.keep(work, WAITING, "waiting", "")
            return Result(WAITING)
        return self._message(work, work.message, identity)

    def _message(self, work: Work, message: Message, identity: IdentityMap) -> Result:
        if work.flaw:
            return self._park(work, work.flaw, "")
        try:
            if isinstance(work.command, KeepReference):
                self._keep(work.command)
            elif work.command is not None:
                self._accept(work, self._ask(work, identity), identity)
        except AppError as refusal:
            return self._park(work, f"refused: {refusal.slug}", str(refusal))
        except Exception:  # noqa: BLE001 - whatever a command does wrong is its own work's failure
            self.failures += 1
            self._log(work)
            return self._park(work, "command-failed", traceback.format_exc()[-DETAIL_LIMIT:])
        self._streams.advance(message)
        return Result("done")

    def _request(self, work: Work, identity: IdentityMap) -> Result:
        if claim := self._claims.get(work.key):
            return self._replay(work, claim)
        try:
            outcome = self._ask(work, identity)
            status, body = work.answer(outcome.result) if work.answer else (0, b"")
            self._accept(work, outcome, identity)
            result = Result("done", status, body, outcome.result)
        except AppError as refusal:
            status, body = work.refuse(refusal) if work.refuse else (0, b"")
            result = Result("refused", status, body, error=refusal)
        except Exception as failure:  # noqa: BLE001 - whatever a command does wrong is its own work's failure
            self.failures += 1
            self._log(work)
            return Result("failed", value=failure)
        if work.key:
            self._claims[work.key] = Claim(work.key, work.fingerprint, result.status, result.body)
            self._claimed.append(self._claims[work.key])
        return result

    def _replay(self, work: Work, claim: Claim) -> Result:
        if claim.fingerprint != work.fingerprint:
            reused = KeyReused()
            status, body = work.refuse(reused) if work.refuse else (0, b"")
            return Result("refused", status, body, error=reused)
        return Result("replayed", claim.status, claim.body)

    def _ask(self, work: Work, identity: IdentityMap) -> Outcome:
        asked = False

        def permit(command: object, actor: Actor, scope: Scope) -> None:
            nonlocal asked
            self._rules.permit(command, actor, scope)
            asked = True

        if work.id in self._failed:
            raise self._failed[work.id]
        context = Context(self._now, work.id, permit)
        outcome = self._rules.handlers[type(work.command)].decide(work.command, identity, context)
        if not asked and (outcome.new or outcome.changed or outcome.events or outcome.counts or outcome.listed):
            raise Unasked(type(work.command).__name__)
        return outcome

    def _accept(self, work: Work, outcome: Outcome, identity: IdentityMap) -> None:
        trace = Trace(work.trace.correlation or str(work.id), str(work.id), work.trace.traceparent)
        events = [
            Announced(
                derived(work.id, f"{self._rules.service}:event:{number}"),
                event.type,
                subject_of(event),
                0,
                self._now,
                trace,
                registry.encode(event),
            )
            for number, event in enumerate(outcome.events)
        ]
        identity.apply(outcome)
        self._events.extend(events)
        self._counts.update(outcome.counts)
        self._listed.update(outcome.listed)
        self._observed.extend(outcome.observed)

    def _keep(self, command: KeepReference) -> None:
        known = self._snapshots.get(command.name)
        newest = known.version if known else self._transaction.versions().get(command.name, 0)
        if command.version > newest:
            self._snapshots[command.name] = Snapshot(command.name, command.version, command.content)

    def _log(self, work: Work) -> None:
        log.get().exception("command failed", command=type(work.command).__name__, work=str(work.id))

    def _park(self, work: Work, reason: str, detail: str) -> Result:
        self._streams.keep(work, PARKED, reason, detail)
        return Result(PARKED)

    def _changes(self, identity: IdentityMap) -> Changes:
        changes = identity.changes()
        changes.events = self._events
        changes.claims = self._claimed
        changes.snapshots = self._snapshots
        changes.counts = self._counts
        changes.listed = self._listed
        changes.observed = self._observed
        self._streams.record(changes)
        return changes


def subject_of(event: Any) -> str:
    """What an event is about: its case, or a set of reference data."""
    case_id = getattr(event, "case_id", None)
    return str(case_id) if case_id is not None else f"reference:{event.name}"
