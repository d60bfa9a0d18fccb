"""Opens recordings in the real viewer, without a display, and tells as JSON what it found in them.

usage: real_viewer.py CHROMIUM_FOLDER FILE.rrd PICTURE.png (or "" for none)
The viewer draws with the software Vulkan that lies in the folder of Debian's chromium; on a machine with a Vulkan of its own
the folder is "" and that one is used.
"""

import json
import os
import re
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, NamedTuple

import rerun_cli
from rerun.experimental import ViewerClient

SETTLE_TIMEOUT_SEC = 60


def free_port() -> int:
    with socket.socket() as sock:
        sock.bind(("127.0.0.1", 0))
        return sock.getsockname()[1]


def environment(chromium: str, folder: str) -> dict[str, str]:
    """The loader of Vulkan looks for its library by name: a folder with nothing else in it keeps the rest of chromium out."""
    env = {**os.environ, "RUST_LOG": "info"}
    if chromium != "":
        os.symlink(Path(chromium, "libvulkan.so.1"), Path(folder, "libvulkan.so.1"))
        env |= {
            "VK_ICD_FILENAMES": str(Path(chromium, "vk_swiftshader_icd.json")),
            "LD_LIBRARY_PATH": folder,
            "WGPU_BACKEND": "vulkan",
        }
    return env


def connect(url: str, viewer: subprocess.Popen[bytes]) -> ViewerClient:
    deadline = time.monotonic() + SETTLE_TIMEOUT_SEC
    while True:
        try:
            client = ViewerClient.connect(url)
            client.get_state()
            return client
        except Exception:
            if viewer.poll() is not None or time.monotonic() > deadline:
                raise
            time.sleep(0.1)


def settled_picture(client: ViewerClient, path: str) -> None:
    """Two pictures in a row that are the same size: the views are there and what they show is loaded.
    Without a path, twice the same number of views: some pictures never stand still."""
    deadline = time.monotonic() + SETTLE_TIMEOUT_SEC
    last = -1
    while time.monotonic() < deadline:
        state = client.get_state()
        if not state.loading and state.views:
            size = len(state.views)
            if path != "":
                client.save_screenshot(path)
                size = os.path.getsize(path)
            if size == last:
                return
            last = size
        time.sleep(0.5)
    raise TimeoutError("the viewer's picture does not settle")


class RunningViewer(NamedTuple):
    client: ViewerClient
    url: str
    log: IO[bytes]
    """What it prints."""


@contextmanager
def running_viewer(chromium: str) -> Iterator[RunningViewer]:
    """A viewer, which is ended in any case; when something fails, what it printed is shown."""
    binary = Path(rerun_cli.__file__).parent / ("rerun.exe" if os.name == "nt" else "rerun")
    port = free_port()
    url = f"rerun+http://127.0.0.1:{port}/proxy"
    with tempfile.TemporaryDirectory() as folder, open(Path(folder, "log"), "w+b") as log:
        viewer = subprocess.Popen(
            [binary, "--headless", "--bind", "127.0.0.1", "--port", str(port)], env=environment(chromium, folder), stdout=log, stderr=log
        )
        try:
            yield RunningViewer(connect(url, viewer), url, log)
        except Exception:
            log.seek(0)
            sys.stderr.write(log.read().decode(errors="replace"))
            raise
        finally:
            viewer.terminate()
            viewer.wait(10)


def logs_of(client: ViewerClient) -> list[str]:
    return [f"{entry.level} {entry.target}: {entry.message}" for entry in client.get_logs()]


def main() -> None:
    chromium, recording, picture = sys.argv[1:]
    with running_viewer(chromium) as (client, _, log):
        opened = client.open(recording)
        settled_picture(client, picture)
        schema = client.get_recording_schema()
        state = client.get_state()
        told = logs_of(client)
        log.seek(0)
        printed = re.sub(r"\x1b\[[0-9;]*m", "", log.read().decode(errors="replace")).splitlines()
    print(json.dumps({"opened": vars_of(opened), "schema": vars_of(schema), "state": vars_of(state), "logs": told, "printed": printed}))


def vars_of(value: object) -> object:
    if isinstance(value, (list, tuple)):
        return [vars_of(item) for item in value]
    return {name: vars_of(item) for name, item in vars(value).items()} if hasattr(value, "__dict__") else value


if __name__ == "__main__":
    main()
