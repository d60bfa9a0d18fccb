"""log_files.py FILES_DIR OUT_DIR NAME=CHUNKS... : logs FILES_DIR/NAME with Rerun's own importers into OUT_DIR/NAME.rrd.
Importing goes on when the call has returned: each recording is complete when it holds as many chunks as it shall."""
import os
import sys
import time

import rerun as rr
from rerun.chunk import RrdReader

DEADLINE_SEC = 20


def count_chunks(path):
    reader = RrdReader(path)
    stores = [*reader.recordings(), *reader.blueprints()]
    return sum(1 for store in stores for _ in reader.stream(store=store))


def log_file(source, target, expected):
    rec = rr.RecordingStream("files", recording_id="files", send_properties=False)
    rec.save(target)
    rec.set_time("frame", sequence=3)
    rec.log("before", rr.TextLog("the file comes after this"))
    with open(source, "rb") as file:
        rec.log_file_from_contents(os.path.basename(source), file.read(), entity_path_prefix="some/prefix")
    end = time.monotonic() + DEADLINE_SEC
    while time.monotonic() < end:
        rec.flush()
        if count_chunks(target) >= expected:
            break
        time.sleep(0.02)
    rec.disconnect()


files, out, *names = sys.argv[1:]
for entry in names:
    name, expected = entry.rsplit("=", 1)
    log_file(f"{files}/{name}", f"{out}/{name}.rrd", int(expected))
