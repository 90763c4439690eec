"""Webhooks: JSON by POST, signed as Standard Webhooks has it (https://www.standardwebhooks.com)."""

import base64
import secrets
from datetime import UTC, datetime
from http import HTTPStatus

import msgspec
import urllib3
from standardwebhooks import Webhook

from services.notice.channels.letter import Answer, Letter

SECRET_BYTES = 32


def new_secret() -> str:
    """A key that nobody can guess, as Standard Webhooks writes it."""
    return "whsec_" + base64.b64encode(secrets.token_bytes(SECRET_BYTES)).decode()


def send(letter: Letter) -> Answer:
    """One POST; whatever is not 2xx has failed. A redirection is not followed: it could lead anywhere."""
    body = msgspec.json.encode({"type": letter.template, "timestamp": letter.at, "data": letter.data})
    try:
        with urllib3.PoolManager(retries=False) as pool:
            answer = pool.request(
                "POST",
                letter.channel.address,
                body=body,
                headers=_headers(letter, body),
                redirect=False,
                preload_content=False,  # what it says beyond its status is nobody's business, and may be endless
            )
            answer.close()
    except urllib3.exceptions.HTTPError as error:
        return Answer(False, f"no answer: {type(error).__name__}")  # its text would tell the address
    return Answer(200 <= answer.status < 300, _phrase(answer.status))


def _headers(letter: Letter, body: bytes) -> dict[str, str]:
    now = datetime.now(UTC)  # the receiver's clock decides whether it is fresh, not this process's
    return {
        "Content-Type": "application/json",
        "User-Agent": "whistle-notice",
        "webhook-id": str(letter.id),
        "webhook-timestamp": str(int(now.timestamp())),
        "webhook-signature": Webhook(letter.channel.secret).sign(str(letter.id), now, body.decode()),
    }


def _phrase(status: int) -> str:
    try:
        return f"{status} {HTTPStatus(status).phrase}"
    except ValueError:
        return str(status)
