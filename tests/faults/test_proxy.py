"""The fault proxy itself: each toxic does what its name says, and nothing more."""

import socket
import socketserver
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.factories_site import until
from tests.faults.proxy import FaultProxy
from tests.faults.toxics import Bandwidth, Latency, LimitData, ResetPeer, Slicer, SlowClose, Timeout, Way

HEARD_S = 5.0


class Echo(socketserver.BaseRequestHandler):
    """Sends back every piece, and remembers what came."""

    heard: list[bytes] = []

    def handle(self) -> None:
        try:
            while data := self.request.recv(65536):
                self.heard.append(data)
                self.request.sendall(data)
        except ConnectionError:
            return


@pytest.fixture
def line() -> Iterator[FaultProxy]:
    Echo.heard = []
    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Echo) as server:
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}).start()
        with FaultProxy(server.server_address) as proxy:
            yield proxy
        server.shutdown()


def connect(line: FaultProxy) -> socket.socket:
    return socket.create_connection(("127.0.0.1", line.port), timeout=HEARD_S)


def said(client: socket.socket, words: bytes) -> bytes:
    """What comes back until all of it, or the end, is there."""
    client.sendall(words)
    back = b""
    while len(back) < len(words) and (piece := client.recv(65536)):
        back += piece
    return back


def test_a_sound_line_changes_nothing(line):
    words = bytes(range(256)) * 2000
    with connect(line) as client:
        threading.Thread(target=client.sendall, args=(words,)).start()
        assert b"".join(iter_until(client, len(words))) == words
    assert bytes(line.tapes[0].up) == bytes(line.tapes[0].down) == words


def iter_until(client: socket.socket, size: int) -> Iterator[bytes]:
    while size > 0 and (piece := client.recv(65536)):
        size -= len(piece)
        yield piece


def test_latency_delays_both_ways_and_can_be_taken_back(line):
    with connect(line) as client:
        with line.having(Latency(delay_s=0.1, jitter_s=0.02)):
            began = time.monotonic()
            assert said(client, b"late") == b"late"
            assert 0.15 < time.monotonic() - began < HEARD_S
        began = time.monotonic()
        assert said(client, b"soon") == b"soon"
        assert time.monotonic() - began < 0.1


def test_latency_in_one_way_only_is_had_once(line):
    with connect(line) as client, line.having(Latency(delay_s=0.1, only=Way.DOWN)):
        began = time.monotonic()
        said(client, b"late")
        assert 0.09 < time.monotonic() - began < 0.19


def test_a_line_that_is_down_resets_and_refuses_and_comes_back_at_its_port(line):
    with connect(line) as client:
        assert said(client, b"before") == b"before"
        with line.cut():
            with pytest.raises(ConnectionResetError):
                client.recv(1)
            with pytest.raises(ConnectionRefusedError):
                connect(line)
    with connect(line) as client:
        assert said(client, b"again") == b"again"


def test_bandwidth_holds_back_what_is_too_much(line):
    with connect(line) as client, line.having(Bandwidth(bytes_per_s=20_000, only=Way.UP)):
        began = time.monotonic()
        assert said(client, b"x" * 4000) == b"x" * 4000
        assert time.monotonic() - began > 0.15


def test_a_slow_close_is_passed_on_late(line):
    with connect(line) as client, line.having(SlowClose(delay_s=0.1)):
        said(client, b"last")
        began = time.monotonic()
        client.shutdown(socket.SHUT_WR)
        assert client.recv(1) == b""
        assert time.monotonic() - began > 0.15


def test_a_half_open_line_carries_nothing_until_it_is_mended(line):
    with connect(line) as client:
        client.settimeout(0.1)
        with line.having(Timeout()):
            client.sendall(b"held")
            with pytest.raises(TimeoutError):
                client.recv(1)
            assert Echo.heard == []
        client.settimeout(HEARD_S)
        assert client.recv(100) == b"held"


def test_a_timeout_ends_the_connection_after_a_while(line):
    with connect(line) as client, line.having(Timeout(after_s=0.05)):
        assert said(client, b"held") == b""
    assert Echo.heard == []


def test_a_reset_after_so_many_bytes_of_the_request_lets_only_them_through(line):
    with connect(line) as client, line.having(ResetPeer(only=Way.UP, after=4, times=1)):
        client.sendall(b"request")
        with pytest.raises(ConnectionResetError):
            list(iter_until(client, 100))
    until(lambda: b"".join(Echo.heard) == b"requ", why="the server has got what came through")
    with connect(line) as client:
        assert said(client, b"request") == b"request"


def test_a_reset_of_the_answer_lets_the_whole_request_through(line):
    with connect(line) as client, line.having(ResetPeer(only=Way.DOWN)):
        client.sendall(b"request")
        with pytest.raises(ConnectionResetError):
            client.recv(100)
    assert Echo.heard == [b"request"]


def test_a_reset_where_certain_words_have_passed(line):
    with connect(line) as client, line.having(ResetPeer(only=Way.UP, seen=b"COMMIT", times=1)):
        assert said(client, b"BEGIN;") == b"BEGIN;"
        client.sendall(b"COMMIT;")
        with pytest.raises(ConnectionResetError):
            list(iter_until(client, 100))
    until(lambda: b"".join(Echo.heard) == b"BEGIN;COMMIT;", why="the server has got all of it")


def test_a_slicer_cuts_one_piece_into_many(line):
    with connect(line) as client, line.having(Slicer(size=3, delay_s=0.002, only=Way.UP)):
        assert said(client, b"x" * 30) == b"x" * 30
    assert len(Echo.heard) > 5
    assert max(map(len, Echo.heard)) < 30


def test_limited_data_ends_the_connection_in_the_middle(line):
    with connect(line) as client, line.having(LimitData(limit=5, only=Way.UP)):
        assert said(client, b"truncated") in (b"", b"trunc")
    until(lambda: b"".join(Echo.heard) == b"trunc", why="the server has got what came through")


def test_a_socket_of_a_path_can_be_proxied(tmp_path: Path):
    path = tmp_path / "socket"
    with socketserver.ThreadingUnixStreamServer(str(path), Echo) as server:
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}).start()
        with FaultProxy(path) as line, connect(line) as client:
            assert said(client, b"by path") == b"by path"
        server.shutdown()


def test_no_server_behind_the_line_ends_the_connection():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        nobody = probe.getsockname()
    with FaultProxy(nobody) as line, connect(line) as client:
        assert said(client, b"anybody?") == b""
