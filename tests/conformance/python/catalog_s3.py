"""Registers recordings of an object store with redap servers through Rerun's own client, and reads them.

usage: catalog_s3.py BUCKET FOLDER

FOLDER has the same recordings as files: what is read of them must be the same.
Each line of standard input is a JSON list of a server's URL and what to do there, "register", "read" or "remote";
a line of JSON on standard output answers it.
"""

import json
import sys
from pathlib import Path

from rerun.catalog import CatalogClient

BUCKET, FOLDER = sys.argv[1], Path(sys.argv[2])


def attempt(run):
    try:
        return run()
    except Exception as error:
        return f"{type(error).__name__}: {error}"


def outcomes(operation):
    return [[each.uri, each.error if each.is_error else each.segment_id] for each in operation.iter_results()]


def register(client: CatalogClient) -> dict:
    local = client.create_dataset("local")
    local.register([path.as_uri() for path in sorted(FOLDER.rglob("*.rrd"))]).wait()
    remote = client.create_dataset("remote")
    some = [f"s3://{BUCKET}/runs/{name}" for name in ["seg1.rrd", "none.rrd", "garbage.rrd", "a b+ü.rrd"]]
    return {
        "each": attempt(lambda: outcomes(remote.register([*some, f"s3://{BUCKET}/private/seg1.rrd"]))),
        "prefix": attempt(lambda: sorted(remote.register_prefix(f"s3://{BUCKET}/runs/deep").wait().segment_ids)),
        "missing": attempt(lambda: remote.register([f"s3://{BUCKET}/runs/none.rrd"]).wait()),
        "missing prefix": attempt(lambda: remote.register_prefix(f"s3://{BUCKET}/runs/none").wait()),
        "missing bucket": attempt(lambda: remote.register(["s3://no-such-bucket/x.rrd"]).wait()),
        "private": attempt(lambda: remote.register_prefix(f"s3://{BUCKET}/private").wait()),
        "other bucket": attempt(lambda: remote.register(["s3://else/x.rrd"]).wait()),
    }


def contents(client: CatalogClient, name: str):
    dataset = client.get_dataset(name)
    segments = dataset.segment_table().to_arrow_table().sort_by("rerun_segment_id")
    columns = [name for name in segments.column_names if name not in ("rerun_storage_urls", "rerun_last_updated_at")]
    rows = dataset.reader(index="frame").to_arrow_table().sort_by([("rerun_segment_id", "ascending"), ("frame", "ascending")])
    return segments.select(columns).to_pylist(), rows.to_pylist(), segments["rerun_storage_urls"].to_pylist()


def read(client: CatalogClient) -> dict:
    segments, rows, urls = contents(client, "remote")
    local_segments, local_rows, _ = contents(client, "local")
    drop = ("rerun_registration_time",)
    same = [{k: v for k, v in row.items() if k not in drop} for row in segments]
    local_same = [{k: v for k, v in row.items() if k not in drop} for row in local_segments]
    return {
        "segments": [row["rerun_segment_id"] for row in segments],
        "urls": urls,
        "rows": len(rows),
        "as from files": [same == local_same or [same, local_same], repr(rows) == repr(local_rows)],
    }


def remote(client: CatalogClient) -> dict:
    return {"rows": len(contents(client, "remote")[1])}


for line in sys.stdin:
    url, phase = json.loads(line)
    work = {"register": register, "read": read, "remote": remote}[phase]
    print(json.dumps(attempt(lambda: work(CatalogClient(url))), default=str), flush=True)
