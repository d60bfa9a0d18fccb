"""Opens pages of a data platform in the real viewer, without a display, and tells as JSON what it shows and warned of.

usage: real_viewer_pages.py CHROMIUM_FOLDER URL PICTURE.png [URL PICTURE.png …]
"""

import json
import os
import sys
import time

from real_viewer import SETTLE_TIMEOUT_SEC, logs_of, running_viewer, vars_of
from rerun.experimental import ViewerClient


def open_page(client: ViewerClient, url: str, picture: str) -> None:
    """A viewer that still starts may go back to its welcome page, whatever server the page is of: then it is asked again."""
    before = client.get_state().location
    deadline = time.monotonic() + SETTLE_TIMEOUT_SEC
    while time.monotonic() < deadline:
        client.open(url)
        settled_page(client, picture, deadline)
        if client.get_state().location != before:
            return
    raise TimeoutError(f"the viewer does not leave {before} for {url}")


def settled_page(client: ViewerClient, picture: str, deadline: float) -> None:
    """Three pictures in a row that are the same size, with nothing on its way: pages of a platform have no views to wait for."""
    sizes: list[int] = []
    while time.monotonic() < deadline:
        if client.get_state().loading:
            sizes.clear()
        else:
            client.save_screenshot(picture)
            sizes.append(os.path.getsize(picture))
            if len(sizes) >= 3 and len(set(sizes[-3:])) == 1:
                return
        time.sleep(0.5)
    raise TimeoutError("the viewer's picture does not settle")


def main() -> None:
    chromium, *pairs = sys.argv[1:]
    pages = []
    with running_viewer(chromium) as (client, _, _):
        for url, picture in zip(pairs[::2], pairs[1::2]):
            open_page(client, url, picture)
            pages.append(vars_of(client.get_state()))
        told = logs_of(client)
    print(json.dumps({"pages": pages, "logs": told}, default=str))


if __name__ == "__main__":
    main()
