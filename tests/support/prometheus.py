"""A private Prometheus for tests: own port, own data, gone with the test."""

import shutil
from pathlib import Path
from typing import Any

import urllib3

from tools.child import Child, environment
from tools.servers.private import PrivateServer, ServerFailed


class PrivatePrometheus(PrivateServer):
    """The installed Prometheus in a directory of its own, which holds its `prometheus.yml`."""

    name = "Prometheus"

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def ask(self, path: str, **fields: str) -> Any:
        """The data that its API answers."""
        answer = urllib3.request("GET", f"{self.url}/api/v1/{path}", fields=fields, retries=False, timeout=5)
        assert answer.status == 200, answer.data
        return answer.json()["data"]

    def stop(self) -> None:
        if self.child is not None:
            self.child.stop()
        self._disown_directory()

    def _launch(self) -> Child:
        program = shutil.which("prometheus")
        if program is None:
            raise ServerFailed("Prometheus is not installed: run `make install`.")
        here: Path = self.directory
        return Child(
            [
                program,
                f"--config.file={here / 'prometheus.yml'}",
                f"--storage.tsdb.path={here / 'data'}",
                f"--web.listen-address=127.0.0.1:{self.port}",
            ],
            env=environment(),
            log=here / "log" / "prometheus.log",
        )

    def _serves(self) -> bool:
        try:
            return urllib3.request("GET", f"{self.url}/-/ready", retries=False, timeout=1).status == 200
        except urllib3.exceptions.HTTPError:
            return False
