"""Starts the real viewer without a display, tells its address, and as JSON what has come to it each time a line is read.

usage: live_viewer.py CHROMIUM_FOLDER, see real_viewer.py
Each line on standard input is `ENTITY MAX_FRAME`: the answer comes when that entity has come as far on the timeline `frame`.
"""

import json
import sys
import time

from real_viewer import SETTLE_TIMEOUT_SEC, running_viewer, vars_of


def has_come(client, max_frame: int):
    schema = client.get_recording_schema()
    frames = [timeline for timeline in schema.timelines if timeline.name == "frame"]
    return schema if frames and frames[0].end is not None and frames[0].end >= max_frame else None


def look(client, entity: str, max_frame: int):
    deadline = time.monotonic() + SETTLE_TIMEOUT_SEC
    while time.monotonic() < deadline:
        try:
            schema = has_come(client, max_frame)
        except Exception:  # There is no recording yet.
            schema = None
        if schema is not None and any(each.entity_path == entity for each in schema.entities):
            return {"schema": vars_of(schema), "state": vars_of(client.get_state())}
        time.sleep(0.1)
    raise TimeoutError(f"{entity} did not come to frame {max_frame}")


def main() -> None:
    with running_viewer(sys.argv[1]) as (client, url, _):
        print(json.dumps({"url": url}), flush=True)
        for line in sys.stdin:
            entity, max_frame = line.split()
            print(json.dumps(look(client, entity, int(max_frame))), flush=True)


if __name__ == "__main__":
    main()
