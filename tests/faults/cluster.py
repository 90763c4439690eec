"""Three RabbitMQ nodes as one cluster, each with its own files and ports; a node can be killed, or cut off."""

from collections.abc import Callable
from pathlib import Path
from typing import Self

from tools.servers.rabbitmq import PrivateRabbitMQ

NODES = tuple(f"whistle{number}@localhost" for number in (1, 2, 3))
CONFIGURATION = """\
cluster_name = whistle
cluster_partition_handling = pause_minority
cluster_formation.peer_discovery_backend = classic_config
""" + "".join(f"cluster_formation.classic_config.nodes.{number} = {node}\n" for number, node in enumerate(NODES, 1))
CUT_OFF = "[begin erlang:set_cookie(N, wrong), erlang:disconnect_node(N) end || N <- [{others}]], ok."
JOINED = "[erlang:set_cookie(N, erlang:get_cookie()) || N <- [{others}]], ok."
LEADER = (
    '{{ok, Q}} = rabbit_amqqueue:lookup(rabbit_misc:r(<<"/">>, queue, <<"{queue}">>)), '
    '{{_, Node}} = amqqueue:get_pid(Q), io:format("~s", [Node]).'
)


class Node(PrivateRabbitMQ):
    """One of the three; they find each other by the first one's port mapper, and share its secrets."""

    more_configuration = CONFIGURATION

    def __init__(self, node: str, directory: Path, first: "Node | None", say: Callable[[str], None]) -> None:
        super().__init__(directory, say)
        self.name = node
        self.node = node
        self._first = first

    @property
    def mapper_port(self) -> int:
        """The first one's."""
        return self._first.mapper_port if self._first else super().mapper_port

    @property
    def cookie(self) -> str:
        """The first one's."""
        return self._first.cookie if self._first else super().cookie

    @property
    def password(self) -> str:
        """The first one's."""
        return self._first.password if self._first else super().password

    def _map_ports(self, env: dict[str, str]) -> None:
        if self._first is None:
            super()._map_ports(env)


class Cluster:
    """The three, as a context."""

    def __init__(self, directory: Path, say: Callable[[str], None]) -> None:
        first = Node(NODES[0], directory / "1", None, say)
        self.nodes = [first, *(Node(NODES[at], directory / str(at + 1), first, say) for at in (1, 2))]

    def __enter__(self) -> Self:
        try:
            for node in self.nodes:  # the first makes the cluster that the others join
                node.start()
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        for node in reversed(self.nodes):
            node.stop()

    @property
    def url(self) -> str:
        """All addresses, as services take them."""
        return ";".join(node.url for node in self.nodes)

    def leader(self, queue: str) -> Node:
        """The node that leads this queue."""
        for asked in self.nodes:
            if asked.pids():
                leads = asked.control("eval", LEADER.format(queue=queue))
                return next(node for node in self.nodes if node.node in leads)
        raise LookupError(queue)

    def follower(self, queue: str) -> Node:
        """One that follows."""
        leader = self.leader(queue)
        return next(node for node in self.nodes if node is not leader)

    def cut_off(self, node: Node) -> None:
        """The other two and this one reach each other no longer; clients reach it all the same."""
        node.control("eval", CUT_OFF.format(others=self._others(node)))

    def join(self, node: Node) -> None:
        """They reach each other again."""
        node.control("eval", JOINED.format(others=self._others(node)))

    def _others(self, node: Node) -> str:
        return ", ".join(f"'{one.node}'" for one in self.nodes if one is not node)
