"""Times Rerun's own client on several redap servers in turn, and prints the seconds of each as JSON.

usage: platform_client.py FOLDER NAME=URL NAME=URL

Reader: one recording of 1 M rows with 10 columns. Register and segment table: 1 000 small recordings.
"""

import json
import sys
import time
from pathlib import Path

import numpy as np
import rerun as rr
from rerun.catalog import CatalogClient

ROWS = 1_000_000
COLUMNS = 10
CHUNK_ROWS = 50_000
SEGMENTS = 1000
ROUNDS = 5


def make_files(folder: Path) -> None:
    if (folder / "done").exists():
        return
    (folder / "small").mkdir(parents=True, exist_ok=True)
    rng = np.random.default_rng(1)
    rec = rr.RecordingStream("bench", recording_id="large")
    rec.save(folder / "large.rrd")
    for column in range(COLUMNS):
        for start in range(0, ROWS, CHUNK_ROWS):
            frames = np.arange(start, start + CHUNK_ROWS)
            rec.send_columns(f"e{column}", [rr.TimeColumn("frame", sequence=frames)], rr.Scalars.columns(scalars=rng.random(CHUNK_ROWS)))
    rec.flush()
    rec.disconnect()
    for index in range(SEGMENTS):
        rec = rr.RecordingStream("bench", recording_id=f"segment{index:04}")
        rec.save(folder / "small" / f"{index:04}.rrd")
        rec.send_property("info", rr.AnyValues(number=index))
        rec.set_time("frame", sequence=index)
        rec.log("a", rr.Scalars(1.0))
        rec.log("b", rr.Points3D([[1, 2, 3]]))
        rec.flush()
        rec.disconnect()
    (folder / "done").touch()


def seconds(work) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def main() -> None:
    folder = Path(sys.argv[1])
    make_files(folder)
    uris = [path.as_uri() for path in sorted((folder / "small").glob("*.rrd"))]
    servers = dict(argument.split("=", 1) for argument in sys.argv[2:])
    clients = {name: CatalogClient(url) for name, url in servers.items()}
    large = {}
    for name, client in clients.items():
        large[name] = client.create_dataset("large")
        large[name].register([(folder / "large.rrd").as_uri()]).wait()
    times = {name: {"register": [], "segment table": [], "reader": [], "reader, one column": [], "download": []} for name in servers}

    def read(name: str, columns: list[str] | None = None) -> None:
        frame = large[name].reader(index="frame")
        table = (frame if columns is None else frame.select(*columns)).to_arrow_table()
        assert table.num_rows == ROWS, table.num_rows

    for turn in range(ROUNDS):
        order = list(clients.items())
        for name, client in order if turn % 2 == 0 else order[::-1]:
            small = client.create_dataset(f"small{turn}")
            times[name]["register"].append(seconds(lambda: small.register(uris).wait()))
            assert len(small.segment_ids()) == SEGMENTS
            times[name]["segment table"].append(seconds(lambda: small.segment_table().to_arrow_table()))
            times[name]["reader"].append(seconds(lambda: read(name)))
            times[name]["reader, one column"].append(seconds(lambda: read(name, ["frame", "/e3:Scalars:scalars"])))
            times[name]["download"].append(seconds(lambda: large[name].segment_store("large").stream().collect()))
    json.dump(times, sys.stdout)


main()
