"""A TLS connection that breaks costs its thread no other one."""

import shutil
import socket
import ssl
import subprocess
import threading
import time

import pytest

from tegashiki.parallel.tls import mend_sockets

pytestmark = pytest.mark.skipif(shutil.which("openssl") is None, reason="openssl is not installed")


@pytest.fixture
def contexts(tmp_path, monkeypatch):
    """The context of a server and of a client that trusts it."""
    monkeypatch.setattr(ssl.SSLContext, "sslsocket_class", ssl.SSLSocket)
    mend_sockets()
    key, certificate = tmp_path / "key.pem", tmp_path / "cert.pem"
    subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt",
                    "ec_paramgen_curve:prime256v1", "-nodes", "-days", "1", "-subj", "/CN=test",
                    "-keyout", key, "-out", certificate], check=True, capture_output=True)
    server = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    server.load_cert_chain(certificate, key)
    client = ssl.create_default_context(cafile=certificate)
    client.check_hostname = False
    return server, client


def connected(contexts):
    """Both ends of a connection whose handshake is over, the server's first; neither blocks."""
    server, client = contexts
    ends = []
    with socket.create_server(("127.0.0.1", 0)) as listening:
        outer = socket.create_connection(listening.getsockname())
        inner, _ = listening.accept()
    accepting = threading.Thread(
        target=lambda: ends.append(server.wrap_socket(inner, server_side=True)))
    accepting.start()
    ends.append(client.wrap_socket(outer))
    accepting.join()
    ends.sort(key=lambda end: not end.server_side)
    ends[0].sendall(b"hello")
    assert ends[1].recv(10) == b"hello"       # and with it the session's tickets
    for end in ends:
        end.setblocking(False)
    return ends


@pytest.mark.parametrize("writes", [1, 2])
def test_the_others_live_on_when_one_peer_has_gone(contexts, writes):
    """Met in Debian 13: the read, or the second write, left an error that the next read took."""
    broken, gone = connected(contexts)
    healthy, peer = connected(contexts)
    gone.close()
    for _ in range(writes):
        time.sleep(0.05)                      # the refusal of what was written is under way
        try:
            broken.send(b"is anybody there?")
        except OSError:
            break
    else:
        try:
            broken.recv(10)
        except OSError:
            pass
    with pytest.raises(ssl.SSLWantReadError):
        healthy.recv(10)
    peer.send(b"I am")
    time.sleep(0.05)
    assert healthy.recv(10) == b"I am"
    for end in (broken, healthy, peer):
        end.close()
