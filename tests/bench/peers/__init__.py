"""Three peers that do the summons job as their own documentation teaches: Celery, FastStream and plain nameko."""

from tests.bench.contest import Contestant
from tests.bench.peers.celery_peer import CeleryPeer
from tests.bench.peers.faststream_peer import FastStreamPeer
from tests.bench.peers.nameko_peer import NamekoPeer

PEERS: tuple[type[Contestant], ...] = (CeleryPeer, FastStreamPeer, NamekoPeer)
