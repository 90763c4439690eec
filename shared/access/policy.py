"""Who may do what: the one table. Every operation names each role that may use it and what must tie the two together.

An operation is `<service>.<command or query>`, or `parking.…` of every service that follows others. What is not in the
table is refused. Rules about state are not here but in each service's transition table. Operations of the role `system`
are caused by other services' events and by clocks.
"""

from shared.access.actor import Actor, Role, Scope
from shared.access.rules import Never, Rule, Tie, allows
from shared.errors import Forbidden, Unauthenticated

CLERK, REVIEWER, DISPATCHER = Role.INTAKE_CLERK, Role.REVIEWER, Role.DISPATCHER
OFFICER, HEAD = Role.OFFICER, Role.DEPARTMENT_HEAD
STREET, DISTRICT, CALLBACK = Role.SUPERVISOR, Role.DISTRICT_SUPERVISOR, Role.CALLBACK_CLERK
ADMINISTRATOR, RESIDENT, SYSTEM = Role.ADMINISTRATOR, Role.RESIDENT, Role.SYSTEM

ANY, AREA, DEPARTMENT, TAKING_PART, CASE = (
    Tie.ANY,
    Tie.OWN_AREA,
    Tie.OWN_DEPARTMENT,
    Tie.TAKING_PART,
    Tie.OWN_CASE,
)

STAFF = (CLERK, REVIEWER, DISPATCHER, OFFICER, HEAD, STREET, DISTRICT, CALLBACK, ADMINISTRATOR)


def rule(tie: Tie, *roles: Role, never: tuple[Never, ...] = (), also: dict[Role, Tie] | None = None) -> Rule:
    """A rule in which these roles share one tie; `also` adds roles with another."""
    return Rule({**dict.fromkeys(roles, tie), **(also or {})}, never)


# The street's people who watch an area: they see every case and assignment in it.
WATCHERS = (REVIEWER, DISPATCHER, STREET, DISTRICT, CALLBACK)

POLICY: dict[str, Rule] = {
    # directory 名录
    "directory.log_in": rule(ANY, RESIDENT),
    "directory.record_login": rule(ANY, SYSTEM),
    "directory.load_town": rule(ANY, SYSTEM),
    "directory.import_calendar": rule(ANY, SYSTEM, ADMINISTRATOR),
    "directory.import_responsibility": rule(ANY, ADMINISTRATOR),
    "directory.list_responsibility": rule(ANY, ADMINISTRATOR, DISPATCHER, STREET, DISTRICT),
    "directory.show_calendar": rule(ANY, *STAFF),
    "directory.list_limits": rule(ANY, *STAFF),
    "directory.change_password": rule(ANY, *STAFF),
    "directory.suspend_account": rule(AREA, ADMINISTRATOR),
    "directory.reinstate_account": rule(AREA, ADMINISTRATOR),
    "directory.show_myself": rule(ANY, *STAFF),
    "directory.list_people": rule(AREA, ADMINISTRATOR, STREET, DISTRICT),
    "directory.list_colleagues": rule(DEPARTMENT, OFFICER, HEAD),
    "directory.list_areas": rule(ANY, *STAFF),
    "directory.show_area": rule(ANY, *STAFF),
    "directory.list_boundaries": rule(ANY, *STAFF),
    "directory.list_communities": rule(ANY, *STAFF, RESIDENT),
    "directory.resolve_place": rule(ANY, *STAFF),
    "directory.list_departments": rule(ANY, *STAFF),
    "directory.list_categories": rule(ANY, *STAFF, RESIDENT),
    # intake 受理
    "intake.upload_attachment": rule(ANY, CLERK, RESIDENT),
    "intake.read_attachment": rule(AREA, CLERK, *WATCHERS, also={OFFICER: TAKING_PART}),
    "intake.report_problem": rule(ANY, RESIDENT),
    "intake.follow_report": rule(ANY, RESIDENT),
    "intake.register_case": rule(AREA, CLERK),
    "intake.complete_case": rule(AREA, CLERK),
    "intake.list_duplicates": rule(AREA, CLERK, REVIEWER),
    "intake.solve_case": rule(AREA, CLERK),
    "intake.submit_case": rule(AREA, CLERK),
    "intake.return_case": rule(AREA, REVIEWER, never=(Never.AUTHOR,)),
    "intake.refuse_case": rule(AREA, REVIEWER, never=(Never.AUTHOR,)),
    "intake.redirect_case": rule(AREA, REVIEWER, never=(Never.AUTHOR,)),
    "intake.blow_whistle": rule(AREA, REVIEWER, never=(Never.AUTHOR,)),
    "intake.confirm_emergency": rule(AREA, REVIEWER, never=(Never.AUTHOR,)),
    "intake.merge_case": rule(AREA, REVIEWER, STREET),
    "intake.void_case": rule(AREA, REVIEWER, STREET),
    "intake.reveal_reporter": rule(AREA, CLERK, CALLBACK),
    "intake.see_reporter": rule(AREA, CLERK),
    "intake.list_disclosures": rule(AREA, STREET, DISTRICT),
    "intake.list_cases": rule(AREA, CLERK, *WATCHERS),
    "intake.show_case": rule(AREA, CLERK, *WATCHERS),
    "intake.list_unconfirmed": rule(AREA, STREET, DISTRICT),
    "intake.accept_call": rule(ANY, SYSTEM),
    "intake.follow_progress": rule(ANY, SYSTEM),
    "intake.settle_withdrawal": rule(ANY, SYSTEM),
    "intake.reopen_case": rule(ANY, SYSTEM),
    # dispatch 派遣
    "dispatch.dispatch_case": rule(ANY, SYSTEM),
    "dispatch.correct_dispatch": rule(AREA, DISPATCHER),
    "dispatch.add_support": rule(AREA, DISPATCHER),
    "dispatch.sign_assignment": rule(DEPARTMENT, OFFICER),
    "dispatch.deem_signed": rule(ANY, SYSTEM),
    "dispatch.report_in": rule(DEPARTMENT, OFFICER),
    "dispatch.start_work": rule(DEPARTMENT, OFFICER),
    "dispatch.report_progress": rule(DEPARTMENT, OFFICER),
    "dispatch.feed_back": rule(DEPARTMENT, OFFICER),
    "dispatch.excuse_support": rule(AREA, DISPATCHER, STREET),
    "dispatch.dispute_assignment": rule(DEPARTMENT, OFFICER),
    "dispatch.reroute_assignment": rule(AREA, STREET, DISTRICT),
    "dispatch.uphold_assignment": rule(AREA, STREET, DISTRICT),
    "dispatch.request_extension": rule(DEPARTMENT, OFFICER),
    "dispatch.grant_first_extension": rule(AREA, STREET),
    "dispatch.grant_second_extension": rule(AREA, DISTRICT),
    "dispatch.refuse_extension": rule(AREA, STREET, DISTRICT),
    "dispatch.suspend_case": rule(AREA, DISTRICT),
    "dispatch.resume_case": rule(AREA, DISTRICT),
    "dispatch.release_assignment": rule(AREA, REVIEWER, STREET),
    "dispatch.confirm_delivery": rule(ANY, SYSTEM),
    "dispatch.note_overdue": rule(ANY, SYSTEM),
    "dispatch.reopen_assignments": rule(ANY, SYSTEM),
    "dispatch.accept_assignments": rule(ANY, SYSTEM),
    "dispatch.withdraw_case": rule(ANY, SYSTEM),
    "dispatch.show_forecast": rule(ANY, CLERK, REVIEWER, DISPATCHER, STREET, DISTRICT),
    "dispatch.list_assignments": rule(AREA, *WATCHERS, also={OFFICER: DEPARTMENT}),
    "dispatch.show_assignment": rule(AREA, *WATCHERS, also={OFFICER: DEPARTMENT}),
    "dispatch.list_cases": rule(AREA, CLERK, *WATCHERS, also={OFFICER: TAKING_PART}),
    "dispatch.show_case": rule(AREA, CLERK, *WATCHERS, also={OFFICER: TAKING_PART}),
    "dispatch.list_undelivered": rule(AREA, DISPATCHER, STREET, DISTRICT),
    # enforcement 执法
    "enforcement.upload_evidence": rule(ANY, OFFICER),
    "enforcement.open_record": rule(DEPARTMENT, OFFICER),
    "enforcement.record_check": rule(DEPARTMENT, OFFICER),
    "enforcement.add_evidence": rule(DEPARTMENT, OFFICER),
    "enforcement.review_evidence": rule(DEPARTMENT, OFFICER, never=(Never.AUTHOR,)),
    "enforcement.recuse_officer": rule(DEPARTMENT, OFFICER),
    "enforcement.order_rectification": rule(DEPARTMENT, OFFICER),
    "enforcement.recheck_rectification": rule(DEPARTMENT, OFFICER),
    "enforcement.conclude_record": rule(DEPARTMENT, OFFICER),
    "enforcement.transfer_record": rule(DEPARTMENT, OFFICER),
    "enforcement.follow_assignment": rule(ANY, SYSTEM),
    "enforcement.list_records": rule(DEPARTMENT, OFFICER, also={STREET: AREA, DISTRICT: AREA}),
    "enforcement.show_record": rule(DEPARTMENT, OFFICER, also={STREET: AREA, DISTRICT: AREA}),
    "enforcement.read_evidence": rule(DEPARTMENT, OFFICER, also={STREET: AREA, DISTRICT: AREA}),
    # closure 结案反馈
    "closure.receive_case": rule(ANY, SYSTEM),
    "closure.receive_handled_case": rule(ANY, SYSTEM),
    "closure.keep_feedback": rule(ANY, SYSTEM),
    "closure.absorb_case": rule(ANY, SYSTEM),
    "closure.withdraw_case": rule(ANY, SYSTEM),
    "closure.follow_withdrawal": rule(ANY, SYSTEM),
    "closure.upload_photo": rule(ANY, CLERK, STREET),
    "closure.read_photo": rule(AREA, CLERK, *WATCHERS, also={OFFICER: TAKING_PART}),
    "closure.pass_verification": rule(AREA, CLERK, STREET, never=(Never.HANDLER,)),
    "closure.fail_verification": rule(AREA, CLERK, STREET, never=(Never.HANDLER,)),
    "closure.record_callback": rule(AREA, CALLBACK),
    "closure.give_verdict": rule(CASE, RESIDENT),
    "closure.close_unreached": rule(AREA, STREET),
    "closure.appeal_case": rule(CASE, RESIDENT),
    "closure.record_appeal": rule(AREA, CALLBACK),
    "closure.evaluate_departments": rule(AREA, CLERK, STREET),
    "closure.evaluate_street": rule(TAKING_PART, OFFICER),
    "closure.archive_case": rule(ANY, SYSTEM),
    "closure.publish_outcome": rule(AREA, CALLBACK, STREET),
    "closure.list_cases": rule(AREA, CLERK, *WATCHERS, also={OFFICER: TAKING_PART}),
    "closure.show_case": rule(AREA, CLERK, *WATCHERS, also={OFFICER: TAKING_PART}),
    "closure.see_whole_case": rule(AREA, CLERK, *WATCHERS),
    "closure.follow_case": rule(ANY, RESIDENT),
    "closure.list_outcomes": rule(ANY, *STAFF, RESIDENT),
    # supervision 督办
    "supervision.follow_event": rule(ANY, SYSTEM),
    "supervision.fire_clocks": rule(ANY, SYSTEM),
    "supervision.reckon_clocks": rule(ANY, SYSTEM),
    "supervision.show_case": rule(AREA, CLERK, *WATCHERS, also={OFFICER: TAKING_PART}),
    "supervision.look_at_case": rule(AREA, CLERK, *WATCHERS, also={OFFICER: TAKING_PART}),
    "supervision.list_cases": rule(AREA, CLERK, *WATCHERS, also={OFFICER: TAKING_PART}),
    "supervision.show_history": rule(AREA, CLERK, *WATCHERS, also={OFFICER: TAKING_PART}),
    "supervision.show_overview": rule(AREA, STREET, DISTRICT),
    "supervision.show_measures": rule(AREA, STREET, DISTRICT, also={OFFICER: DEPARTMENT}),
    "supervision.export_measures": rule(AREA, STREET, DISTRICT),
    "supervision.show_ranking": rule(AREA, STREET, DISTRICT),
    "supervision.urge_departments": rule(AREA, STREET, DISTRICT),
    "supervision.issue_order": rule(AREA, STREET, DISTRICT),
    "supervision.answer_order": rule(DEPARTMENT, OFFICER),
    "supervision.accept_order": rule(AREA, STREET, DISTRICT),
    "supervision.reject_order": rule(AREA, STREET, DISTRICT),
    "supervision.list_orders": rule(AREA, STREET, DISTRICT, also={OFFICER: DEPARTMENT, HEAD: DEPARTMENT}),
    "supervision.list_rulings": rule(AREA, STREET, DISTRICT),
    "supervision.report_refusal": rule(AREA, STREET),
    "supervision.investigate_refusal": rule(AREA, DISTRICT),
    "supervision.conclude_refusal": rule(AREA, DISTRICT),
    "supervision.list_refusals": rule(AREA, STREET, DISTRICT, also={OFFICER: DEPARTMENT, HEAD: DEPARTMENT}),
    # of every service that follows others: messages that could not take effect there 搁置的消息
    "parking.list_parked": rule(ANY, ADMINISTRATOR),
    "parking.show_parked": rule(ANY, ADMINISTRATOR),
    "parking.replay_parked": rule(ANY, ADMINISTRATOR),
    "parking.discard_parked": rule(ANY, ADMINISTRATOR),
    # notice 通知
    "notice.deliver_summons": rule(ANY, SYSTEM),
    "notice.change_summons": rule(ANY, SYSTEM),
    "notice.reopen_summons": rule(ANY, SYSTEM),
    "notice.withdraw_summons": rule(ANY, SYSTEM),
    "notice.read_summons": rule(DEPARTMENT, OFFICER),
    "notice.list_summons": rule(DEPARTMENT, OFFICER),
    "notice.tell_staff": rule(ANY, SYSTEM),
    "notice.record_attempt": rule(ANY, SYSTEM),
    "notice.list_notifications": rule(CASE, *STAFF),
    "notice.read_notification": rule(CASE, *STAFF),
    "notice.show_preferences": rule(CASE, *STAFF),
    "notice.change_preferences": rule(CASE, *STAFF),
}


def operation_of(command: object) -> str:
    """The operation that a command carries out: `services.dispatch.commands.sign_assignment` ->
    `dispatch.sign_assignment`.
    """
    module = type(command).__module__.split(".")
    return f"{module[1]}.{module[-1]}" if module[0] == "services" else module[-1]


def check(operation: str, actor: Actor, scope: Scope = Scope()) -> None:  # noqa: B008 - frozen and empty
    """Refuse (`Forbidden`; `Unauthenticated` for somebody without an account) unless the table allows it."""
    found = POLICY.get(operation)
    if found is None or not allows(found, actor, scope):
        raise Unauthenticated() if actor.roles == {RESIDENT} else Forbidden(operation=operation)


def permit(command: object, actor: Actor, scope: Scope) -> None:
    """`check` for a command, by its module's name: what the engine tells every `decide`."""
    check(operation_of(command), actor, scope)


def may_use(operation: str, actor: Actor) -> bool:
    """Whether one of the actor's roles appears in the operation's rule at all: what a door can ask before anything is
    loaded.
    """
    found = POLICY.get(operation)
    return found is not None and any(role in found.roles for role in actor.roles)
