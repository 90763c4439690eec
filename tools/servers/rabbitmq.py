"""A private RabbitMQ: own node, own ports, own data; nothing of the system's is touched."""

import secrets
import shutil
import subprocess
from pathlib import Path

import amqp

from tools.child import Child, environment
from tools.servers.private import PrivateServer, ServerFailed

# Two schedulers on however many cores, and below a small write-ahead log: it shares a small machine with everything.
ERLANG_ARGUMENTS = "+S 2:2 -kernel inet_dist_use_interface {127,0,0,1}"
CONFIGURATION = """\
listeners.tcp.local = 127.0.0.1:{port}
default_user = whistle
default_pass = {password}
loopback_users = none
raft.wal_max_size_bytes = 16000000
log.console = false
log.file = rabbit.log
log.file.level = info
"""


class PrivateRabbitMQ(PrivateServer):
    """The installed rabbitmq-server as a node of our own."""

    name = "RabbitMQ"
    node = "whistle@localhost"
    ports_needed = 3  # AMQP, Erlang distribution, port mapper
    more_configuration = ""

    _port_mapper: Child | None = None

    @property
    def mapper_port(self) -> int:
        """Where nodes find each other's distribution ports."""
        return self.ports[2]

    @property
    def cookie(self) -> str:
        """The secret that the nodes of one cluster share, remembered in the directory."""
        remembered = self.directory / "home" / ".erlang.cookie"
        return remembered.read_text() if remembered.exists() else secrets.token_hex(16)

    @property
    def url(self) -> str:
        return self.url_of("/")

    def url_of(self, vhost: str) -> str:
        """The URL of one virtual host."""
        return f"amqp://whistle:{self.password}@127.0.0.1:{self.port}/{'' if vhost == '/' else vhost}"

    def add_vhosts(self, *names: str) -> None:
        """Makes empty virtual hosts in one go (0.7 s); through the node, since the management plugin is left out."""
        everything = '<<".*">>, <<".*">>, <<".*">>'
        for_each = "V <- [" + ", ".join(f'<<"{name}">>' for name in names) + "]"
        grant = f'rabbit_auth_backend_internal:set_permissions(<<"whistle">>, V, {everything}, <<"whistle">>)'
        self.control("eval", f'[begin ok = rabbit_vhost:add(V, <<"whistle">>), ok = {grant} end || {for_each}], ok.')

    def control(self, *arguments: str) -> str:
        """Runs rabbitmqctl on this node and returns what it prints."""
        program = find_rabbitmq().with_name("rabbitmqctl")
        done = subprocess.run(
            [program, "--quiet", "--node", self.node, *arguments],
            env=self._environment(), capture_output=True, text=True, timeout=60,
        )  # fmt: skip
        if done.returncode != 0:
            raise RuntimeError(f"rabbitmqctl {arguments[0]}: {done.stderr.strip() or done.stdout.strip()}")
        return done.stdout.strip()

    def stop(self) -> None:
        if self.child is not None:
            self.child.stop(patience=30)
        if self._port_mapper is not None:
            self._port_mapper.stop()
        self._disown_directory()

    def pids(self) -> list[int]:
        mapper = [self._port_mapper.pid] if self._port_mapper is not None and self._port_mapper.running else []
        return super().pids() + mapper

    def _launch(self) -> Child:
        server = find_rabbitmq()
        self._write_files()
        env = self._environment()
        self._map_ports(env)
        return Child([server], env=env, log=self.directory / "log" / "console.log")

    def _map_ports(self, env: dict[str, str]) -> None:
        if self._port_mapper is None or not self._port_mapper.running:
            mapper = ["epmd", "-port", str(self.mapper_port), "-address", "127.0.0.1"]
            self._port_mapper = Child(mapper, env=env, log=self.directory / "log" / "epmd.log")

    def _write_files(self) -> None:
        home = self.directory / "home"
        home.mkdir(exist_ok=True)
        cookie = home / ".erlang.cookie"
        if not cookie.exists():
            cookie.write_text(self.cookie)
            cookie.chmod(0o400)
        (self.directory / "enabled_plugins").write_text("[].\n")
        configuration = CONFIGURATION.format(port=self.port, password=self.password)
        (self.directory / "rabbitmq.conf").write_text(configuration + self.more_configuration)

    def _environment(self) -> dict[str, str]:
        here = self.directory
        return environment(
            HOME=str(here / "home"),
            ERL_EPMD_ADDRESS="127.0.0.1",
            ERL_EPMD_PORT=str(self.mapper_port),
            RABBITMQ_NODENAME=self.node,
            RABBITMQ_DIST_PORT=str(self.ports[1]),
            RABBITMQ_MNESIA_BASE=str(here / "data"),
            RABBITMQ_LOG_BASE=str(here / "log"),
            RABBITMQ_CONFIG_FILE=str(here / "rabbitmq.conf"),
            RABBITMQ_ENABLED_PLUGINS_FILE=str(here / "enabled_plugins"),
            RABBITMQ_CONF_ENV_FILE="/dev/null",
            RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS=ERLANG_ARGUMENTS,
            RUNNING_UNDER_SYSTEMD="true",  # lets the start script become beam, so that no shell stands between us
        )

    def _serves(self) -> bool:
        try:
            with amqp.Connection(f"127.0.0.1:{self.port}", "whistle", self.password, connect_timeout=5):
                return True
        except (OSError, amqp.AMQPError):
            return False


def find_rabbitmq() -> Path:
    """The start script of the installed RabbitMQ; not the packages' wrapper in /usr/sbin, which changes the user."""
    packaged = Path("/usr/lib/rabbitmq/bin/rabbitmq-server")
    elsewhere = shutil.which("rabbitmq-server")
    if packaged.exists():
        return packaged
    if elsewhere is not None:
        return Path(elsewhere).resolve()
    raise ServerFailed("RabbitMQ is not installed: run `make install`, or name a running one by AMQP_URL.")
