"""Registers recordings of an object store with a redap server through Rerun's own client, and reads them; prints JSON.

usage: catalog_s3.py URL BUCKET register FOLDER | catalog_s3.py URL BUCKET read | catalog_s3.py URL BUCKET remote

FOLDER has the same recordings as files: what is read of them must be the same.
"""

import json
import sys
from pathlib import Path

from rerun.catalog import CatalogClient

URL, BUCKET, PHASE = sys.argv[1:4]
client = CatalogClient(URL)


def attempt(run):
    try:
        return run()
    except Exception as error:
        return f"{type(error).__name__}: {error}"


def outcomes(operation):
    return [[each.uri, each.error if each.is_error else each.segment_id] for each in operation.iter_results()]


def register(folder: Path) -> dict:
    local = client.create_dataset("local")
    local.register([path.as_uri() for path in sorted(folder.rglob("*.rrd"))]).wait()
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


def contents(name: str):
    dataset = client.get_dataset(name)
    segments = dataset.segment_table().to_arrow_table().sort_by("rerun_segment_id")
    columns = [name for name in segments.column_names if name not in ("rerun_storage_urls", "rerun_last_updated_at")]
    rows = dataset.reader(index="frame").to_arrow_table().sort_by([("rerun_segment_id", "ascending"), ("frame", "ascending")])
    return segments.select(columns).to_pylist(), rows.to_pylist(), segments["rerun_storage_urls"].to_pylist()


def read() -> dict:
    segments, rows, urls = contents("remote")
    local_segments, local_rows, _ = contents("local")
    drop = ("rerun_registration_time",)
    same = [{k: v for k, v in row.items() if k not in drop} for row in segments]
    local_same = [{k: v for k, v in row.items() if k not in drop} for row in local_segments]
    return {
        "segments": [row["rerun_segment_id"] for row in segments],
        "urls": urls,
        "rows": len(rows),
        "as from files": [same == local_same or [same, local_same], repr(rows) == repr(local_rows)],
    }


def remote() -> dict:
    return {"rows": len(contents("remote")[1])}


result = attempt({"register": lambda: register(Path(sys.argv[4])), "read": read, "remote": remote}[PHASE])
print(json.dumps(result, default=str))
