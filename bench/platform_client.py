"""Times Rerun's own client on several redap servers in turn, and prints the seconds of each as JSON.

usage: platform_client.py FOLDER NAME=URL NAME=URL
       platform_client.py FOLDER --ask URL    does what each line of the input names, and prints its seconds

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


def register(client: CatalogClient, name: str, uris: list[str]):
    dataset = client.create_dataset(name)
    dataset.register(uris).wait()
    assert len(dataset.segment_ids()) == len(uris)
    return dataset


def works(large, small) -> dict:
    """What is timed, by name."""

    def read(columns: list[str] | None = None) -> None:
        frame = large.reader(index="frame")
        table = (frame if columns is None else frame.select(*columns)).to_arrow_table()
        assert table.num_rows == ROWS, table.num_rows

    return {
        "segment table": lambda: small.segment_table().to_arrow_table(),
        "reader": read,
        "reader, one column": lambda: read(["frame", "/e3:Scalars:scalars"]),
        "download": lambda: large.segment_store("large").stream().collect(),
    }


def answer(client: CatalogClient, uris: list[str], large_uri: str) -> None:
    timed = works(register(client, "large", [large_uri]), register(client, "small", uris))
    print("ready", flush=True)
    for line in sys.stdin:
        print(seconds(timed[line.strip()]), flush=True)


def compare(clients: dict, uris: list[str], large_uri: str) -> None:
    large = {name: register(client, "large", [large_uri]) for name, client in clients.items()}
    times: dict = {name: {} for name in clients}
    for turn in range(ROUNDS):
        order = list(clients.items())
        for name, client in order if turn % 2 == 0 else order[::-1]:
            own = times[name]
            start = time.perf_counter()
            small = register(client, f"small{turn}", uris)
            own.setdefault("register", []).append(time.perf_counter() - start)
            for what, work in works(large[name], small).items():
                own.setdefault(what, []).append(seconds(work))
    json.dump(times, sys.stdout)


def main() -> None:
    folder = Path(sys.argv[1])
    make_files(folder)
    uris = [path.as_uri() for path in sorted((folder / "small").glob("*.rrd"))]
    large_uri = (folder / "large.rrd").as_uri()
    if sys.argv[2] == "--ask":
        answer(CatalogClient(sys.argv[3]), uris, large_uri)
    else:
        servers = dict(argument.split("=", 1) for argument in sys.argv[2:])
        compare({name: CatalogClient(url) for name, url in servers.items()}, uris, large_uri)


main()
