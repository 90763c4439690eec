"""What people choose: channels with addresses that lead out of here, and which notices come by them."""

import ipaddress

import pytest
from msgspec.structs import replace

from services.notice.channels import apprised
from services.notice.channels.names import LeadsBack, refuse_what_leads_back
from services.notice.channels.webhook import new_secret
from services.notice.commands import change_preferences
from services.notice.commands.change_preferences import ChangePreferences
from services.notice.domain.addresses import LEADS_BACK, NO_MAIL_SERVER, NOT_AN_ADDRESS, destination, flaw, is_inside
from services.notice.domain.preference import Channel, Kind, Preference
from shared.access.actor import SYSTEM
from shared.errors import Forbidden, Invalid, StaleVersion
from tests.unit.notice.told import HOOK, OTHER_READER, READER, Desk

OUT = [
    (Kind.WEBHOOK, "https://hooks.example.org/a"),
    (Kind.WEBHOOK, "http://10.20.30.40:8080/a"),
    (Kind.WEBHOOK, "http://intranet/a"),
    (Kind.WEBHOOK, "https://[2001:db8::1]/a"),
    (Kind.EMAIL, "duty.officer@zhujian.example.org"),
    (Kind.DINGTALK, "https://oapi.dingtalk.com/robot/send?access_token=0a1B"),
    (Kind.DINGTALK, "dingtalk://SEC12@0a1B/"),
    (Kind.WECOM, "https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=693a-91"),
    (Kind.FEISHU, "https://open.feishu.cn/open-apis/bot/v2/hook/0a-1B"),
    (Kind.APPRISE, "bark://push.example.org/key"),
    (Kind.APPRISE, "jsons://hooks.example.org/a"),
]
BACK = [
    (Kind.WEBHOOK, "http://localhost/a"),
    (Kind.WEBHOOK, "http://LOCALHOST.:8000/a"),
    (Kind.WEBHOOK, "http://x.localhost/"),
    (Kind.WEBHOOK, "http://127.0.0.1:15672/api"),
    (Kind.WEBHOOK, "http://127.8.8.8/"),
    (Kind.WEBHOOK, "http://0.0.0.0/"),
    (Kind.WEBHOOK, "http://169.254.169.254/latest/meta-data"),
    (Kind.WEBHOOK, "http://[::1]/"),
    (Kind.WEBHOOK, "http://[::ffff:127.0.0.1]/"),
    (Kind.WEBHOOK, "http://[fe80::1]/"),
    (Kind.WEBHOOK, "http://somebody:secret@127.0.0.1/"),
    (Kind.APPRISE, "json://127.0.0.1:8000/a"),
    (Kind.APPRISE, "xml://localhost/a"),
]
NONE = [
    (Kind.WEBHOOK, "ftp://hooks.example.org/a"),
    (Kind.WEBHOOK, "file:///etc/passwd"),
    (Kind.WEBHOOK, "hooks.example.org"),
    (Kind.WEBHOOK, "https://"),
    (Kind.WEBHOOK, "https://hooks.example.org:port/a"),
    (Kind.WEBHOOK, "https://[::1/a"),
    (Kind.WEBHOOK, "https://hooks.example.org/a\r\nHost: b"),
    (Kind.EMAIL, "nobody"),
    (Kind.EMAIL, "a@example.org,b@example.org"),
    (Kind.EMAIL, "a@example.org?smtp=127.0.0.1"),
    (Kind.DINGTALK, "https://evil.example.org/robot/send?access_token=0a1B"),
    (Kind.DINGTALK, "json://127.0.0.1/"),
    (Kind.WECOM, "https://qyapi.weixin.qq.com.evil.example.org/cgi-bin/webhook/send?key=1"),
    (Kind.FEISHU, "https://open.feishu.cn/open-apis/bot/v2/hook/../../x"),
    (Kind.APPRISE, "mailto://somebody:secret@example.org?smtp=127.0.0.1"),
    (Kind.APPRISE, "syslog://here"),
    (Kind.APPRISE, "dbus://here"),
    (Kind.APPRISE, "file://etc/passwd"),
    (Kind.APPRISE, "plain words"),
]


@pytest.mark.parametrize(("kind", "address"), OUT)
def test_an_address_that_leads_out_is_taken(kind: Kind, address: str) -> None:
    """Also one inside the town's own network."""
    assert flaw(kind, address, private=False, mail=True) == ""


@pytest.mark.parametrize(("kind", "address"), BACK)
def test_an_address_that_leads_back_is_refused(kind: Kind, address: str) -> None:
    """Unless the operator allows it."""
    assert flaw(kind, address, private=False, mail=True) == LEADS_BACK
    assert flaw(kind, address, private=True, mail=True) == ""


@pytest.mark.parametrize(("kind", "address"), NONE)
def test_what_is_no_address_of_its_kind_is_refused(kind: Kind, address: str) -> None:
    """Whatever the operator allows."""
    assert flaw(kind, address, private=True, mail=True) == NOT_AN_ADDRESS


def test_mail_needs_a_server() -> None:
    """It is the town's, never a person's own."""
    assert flaw(Kind.EMAIL, "a@example.org", private=False, mail=False) == NO_MAIL_SERVER


@pytest.mark.parametrize("found", ["127.0.0.1", "::1", "169.254.1.1", "fe80::1%eth0", "0.0.0.0", "::ffff:127.0.0.1"])
def test_a_name_that_has_come_to_mean_this_machine_is_refused_when_it_is_looked_up(found: str) -> None:
    """However harmless it was when it was entered, and also as one answer among others."""
    with pytest.raises(LeadsBack):
        refuse_what_leads_back([(2, 1, 6, "", ("198.51.100.7", 443)), (2, 1, 6, "", (found, 443))])


def test_other_names_may_be_looked_up() -> None:
    """Private networks are where departments have their systems."""
    refuse_what_leads_back([(2, 1, 6, "", ("10.1.2.3", 443)), (10, 1, 6, "", ("2001:db8::1", 443, 0, 0))])
    assert not is_inside(ipaddress.ip_address("192.168.1.1"))


def test_deliveries_to_one_server_share_it() -> None:
    """Whatever path or account; robots share their company's."""
    first = destination(Kind.WEBHOOK, "https://me:secret@Hooks.example.org:8443/a?token=b")
    assert first == destination(Kind.WEBHOOK, "https://hooks.example.org:8443/c") == "https://hooks.example.org:8443"
    assert destination(Kind.FEISHU, "feishu://0a1B") == "feishu"


@pytest.mark.filterwarnings("ignore:'imghdr' is deprecated")  # something that one of Apprise's plugins looks for
@pytest.mark.parametrize(
    ("kind", "address", "plugin"),
    [
        (Kind.DINGTALK, "https://oapi.dingtalk.com/robot/send?access_token=0a1B2c3D", "NotifyDingTalk"),
        (Kind.WECOM, "https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=693axxx6-7aoc-4bc4", "NotifyWeComBot"),
        (Kind.FEISHU, "https://open.feishu.cn/open-apis/bot/v2/hook/abcdef-1234", "NotifyFeishu"),
        (Kind.EMAIL, "duty@zhujian.example.org", "NotifyEmail"),
    ],
)
def test_apprise_knows_what_we_make_of_an_address(kind: Kind, address: str, plugin: str) -> None:
    """The robot's address as its group shows it; mail by the town's server."""
    import apprise

    url = apprised.url_of(kind, address, "mailto://whistle:secret@mail.example.org:2525?from=whistle@example.org")
    assert type(apprise.Apprise.instantiate(url)).__name__ == plugin


def test_a_new_webhooks_key_is_told_once() -> None:
    """The next answer has none."""
    desk = Desk()
    chosen = desk.choose(HOOK, clock_warned="值班")
    assert chosen.secrets == (HOOK,)
    again = desk.choose(replace(HOOK, secret=new_secret()), clock_warned="值班")
    assert again.secrets == ()
    assert desk.rows[Preference, READER.id].channels == (HOOK,)
    assert again.version == 2


def test_at_another_address_a_webhook_gets_another_key() -> None:
    """Whoever had the old one must not be able to sign for the new."""
    desk = Desk()
    desk.choose(HOOK)
    moved = replace(HOOK, address="https://hooks.example.org/b", secret="whsec_b3RoZXI=")
    assert desk.choose(moved).secrets == (moved,)


def test_other_kinds_have_no_key() -> None:
    """Their addresses are their keys."""
    robot = Channel("群", Kind.FEISHU, "feishu://0a1B")
    assert Desk().choose(robot, clock_warned="群").secrets == ()


def test_keys_are_all_different() -> None:
    """32 bytes of chance."""
    assert len({new_secret() for _ in range(100)}) == 100


def test_what_is_wrong_is_told_by_field() -> None:
    """Names, addresses, and names of channels that are not there."""
    with pytest.raises(Invalid) as refused:
        Desk().choose(HOOK, replace(HOOK, address="http://127.0.0.1/"), clock_warned="另一个")
    assert refused.value.fields == {
        "channels.1.name": ["Given more than once."],
        "channels.1.address": [LEADS_BACK],
        "chosen.clock.warned": ["No channel has this name."],
    }


def test_a_choice_made_elsewhere_meanwhile_is_not_overwritten() -> None:
    """With If-Match; 0 is the version of what nobody has chosen yet."""
    desk = Desk()
    first = ChangePreferences("en", (), {}, READER, version=0)
    assert desk.do(change_preferences, first).result.version == 1
    with pytest.raises(StaleVersion):
        desk.do(change_preferences, first)


def test_everybody_chooses_for_themselves() -> None:
    """And only people do."""
    desk = Desk()
    desk.choose(HOOK, clock_warned="值班")
    desk.choose(by=OTHER_READER)
    assert desk.rows[Preference, READER.id].channels == (HOOK,)
    with pytest.raises(Forbidden):
        desk.choose(by=SYSTEM)


def test_addresses_and_keys_are_in_nothing_that_might_be_logged() -> None:
    """Not in how a channel shows itself."""
    shown = repr((HOOK, ChangePreferences("zh", (HOOK,), {}, READER), Preference(READER.id, "zh", (HOOK,))))
    assert HOOK.address not in shown
    assert HOOK.secret not in shown
