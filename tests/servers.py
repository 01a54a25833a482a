"""What every test needs that starts a server: a port, and patience."""

import socket
import time
import urllib.request

_PATIENCE = 60.0  # seconds


def free_port() -> int:
    """A port on this machine that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port


def until_healthy(address: str, pause: float = 0.1) -> None:
    """Wait for the Streamlit server at an address to answer, asked every `pause` seconds."""
    end = time.monotonic() + _PATIENCE
    while time.monotonic() < end:
        try:
            urllib.request.urlopen(f"{address}/_stcore/health", timeout=1).close()
            return
        except OSError:
            time.sleep(pause)
    raise RuntimeError(f"no Streamlit answered at {address} within a minute")
