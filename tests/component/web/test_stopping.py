"""A service that is told to stop finishes what has begun, takes nothing more, and ends well."""

import socket
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from tests.support.eventually import eventually
from tests.support.serving import Serving, refuses_connections


def serving(folder: Path, port: int = 0) -> Serving:
    return Serving("tests.component.web.small", folder=folder, keys=folder / "keys", port=port)


def test_a_request_that_has_begun_is_answered_before_the_service_ends(tmp_path: Path) -> None:
    with serving(tmp_path) as small, ThreadPoolExecutor(1) as pool:
        answer = pool.submit(small.ask, "GET", f"/slow?until={tmp_path / 'now'}")
        eventually(lambda: [line for line in small.lines() if line["event"] == "slow request begun"])
        small.child.ask_to_end()
        eventually(lambda: refuses_connections(small.port), what="it stops")
        (tmp_path / "now").touch()
        assert answer.result().status == 200
        small.child.stop()
        assert small.child.returncode == 0


def test_while_it_finishes_it_takes_no_new_connections_and_tells_old_ones_to_come_later(tmp_path: Path) -> None:
    with serving(tmp_path) as small, ThreadPoolExecutor(1) as pool:
        kept = socket.create_connection(("127.0.0.1", small.port))
        with kept:
            kept.sendall(b"GET /livez HTTP/1.1\r\nHost: x\r\n\r\n")
            assert b"200 OK" in kept.recv(4096)
            begun = pool.submit(small.ask, "GET", f"/slow?until={tmp_path / 'now'}")
            eventually(lambda: [line for line in small.lines() if line["event"] == "slow request begun"])
            small.child.ask_to_end()
            eventually(lambda: refuses_connections(small.port), what="it stops")
            kept.sendall(b"GET /livez HTTP/1.1\r\nHost: x\r\n\r\n")
            assert b"503" in kept.recv(4096)
            (tmp_path / "now").touch()
            assert begun.result().status == 200


def test_a_service_whose_token_key_is_not_there_yet_asks_to_come_later(tmp_path: Path) -> None:
    with serving(tmp_path) as small:
        (tmp_path / "keys" / "token-public.pem").unlink()
        answer = small.ask("GET", "/assignments", token="x")
        assert (answer.status, answer.problem) == (503, "keys-missing")


def test_two_services_cannot_share_a_port(tmp_path: Path) -> None:
    with serving(tmp_path) as first:
        with serving(tmp_path, first.port) as second:
            eventually(lambda: not second.child.running, 20.0, "the second ends")
            assert "Address already in use" in second.child.last_words()
        assert first.ask("GET", "/livez").status == 200
