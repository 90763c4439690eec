"""Reading and writing in large pieces: no frame is lost or torn, whatever the pieces are."""

import socket
import struct
from collections.abc import Iterator

import pytest

from shared.messaging.frames import BufferedReads, GatheredWrites
from shared.messaging.wire import Bell


def frame(payload: bytes, kind: int = 1, channel: int = 1) -> bytes:
    """A frame of AMQP 0-9-1."""
    return struct.pack(">BHI", kind, channel, len(payload)) + payload + b"\xce"


class Reader(BufferedReads):
    """A transport that only reads."""

    def __init__(self, sock: socket.socket) -> None:
        self.sock = sock
        self.connected = True


@pytest.fixture
def ends() -> Iterator[tuple[Reader, socket.socket]]:
    """A reader, and the broker's end."""
    here, there = socket.socketpair()
    here.settimeout(0.05)
    with here, there:
        yield Reader(here), there


def test_frames_that_come_together_are_read_one_by_one(ends: tuple[Reader, socket.socket]) -> None:
    """One look at the kernel, three frames."""
    reader, broker = ends
    broker.sendall(frame(b"one") + frame(b"") + frame(b"three", kind=3, channel=7))
    assert reader.come_frame() is None
    reader.fill()
    assert [reader.come_frame() for _ in range(4)] == [(1, 1, b"one"), (1, 1, b""), (3, 7, b"three"), None]


def test_a_frame_that_comes_byte_by_byte_survives_every_time_out(ends: tuple[Reader, socket.socket]) -> None:
    """A read that runs out of time goes on where it ended."""
    reader, broker = ends
    whole = frame(b"slowly")
    for byte in whole[:-1]:
        broker.sendall(bytes([byte]))
        with pytest.raises(TimeoutError):
            reader.read_frame()
    broker.sendall(whole[-1:] + frame(b"next"))
    assert [reader.read_frame()[2], reader.read_frame()[2]] == [b"slowly", b"next"]
    assert reader.connected


def test_a_frame_larger_than_one_look_is_put_together(ends: tuple[Reader, socket.socket]) -> None:
    """A snapshot of reference data is that long."""
    reader, broker = ends
    reader.sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1 << 20)
    broker.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 1 << 20)
    payload = bytes(range(256)) * 500
    broker.sendall(frame(payload))
    assert reader.read_frame() == (1, 1, payload)


def test_the_end_of_the_connection_is_an_error(ends: tuple[Reader, socket.socket]) -> None:
    """Not an endless empty read."""
    reader, broker = ends
    broker.close()
    with pytest.raises(ConnectionResetError):
        reader.read_frame()
    assert not reader.connected


class Writes(GatheredWrites):
    """Keeps what would have gone to the socket."""

    def __init__(self) -> None:
        super().__init__()
        self.out: list[bytes] = []
        self._send = lambda frames: self.out.append(bytes(frames))


def test_what_is_written_together_goes_out_in_one_piece() -> None:
    """Before and after, each write goes out at once."""
    writes = Writes()
    writes.write(b"a")
    with writes.together():
        writes.write(memoryview(b"b"))
        writes.write(b"c")
        assert writes.out == [b"a"]
    writes.write(b"d")
    assert writes.out == [b"a", b"bc", b"d"]


def test_a_batch_that_fails_half_way_sends_nothing() -> None:
    """Half a batch would be confirmed and counted wrongly."""
    writes = Writes()

    def fail() -> None:
        with writes.together():
            writes.write(b"half")
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail()
    writes.write(b"next")
    assert writes.out == [b"next"]


def test_a_bell_is_heard_once_however_often_it_rings_and_can_ring_again() -> None:
    """Whoever rings while nobody listens yet is heard as soon as somebody does."""
    bell = Bell()
    bell.ring()
    with bell:
        listener = socket.socket(fileno=socket.dup(bell.fileno()))
        with listener:
            for _ in range(3):
                bell.ring()
                bell.ring()
                assert listener.recv(10, socket.MSG_PEEK) == b"!"
                bell.hush()
                with pytest.raises(BlockingIOError):
                    listener.recv(10, socket.MSG_PEEK)
    bell.ring()
