"""Reads the same with two redap servers through Rerun's own client; prints what each gave as one JSON document.

usage: read_through.py FOLDER URL URL
"""

import json
import sys
from pathlib import Path

import numpy as np
from datafusion import col, lit
from rerun.catalog import CatalogClient

FILES = [path.as_uri() for path in sorted(Path(sys.argv[1]).glob("*.rrd"))]
SEQUENCES = {"seg0": [0, 7, 22], "seg1": [3], "seg2": [55]}

QUERIES = {
    "all": lambda ds: ds.reader(index="frame"),
    "filled": lambda ds: ds.reader(index="frame", fill_latest_at=True),
    "static": lambda ds: ds.reader(index=None),
    "other timeline": lambda ds: ds.reader(index="stamp"),
    "contents": lambda ds: ds.filter_contents("/dense/**").reader(index="frame"),
    "segments": lambda ds: ds.filter_segments(["seg1"]).reader(index="frame"),
    "range": lambda ds: ds.reader(index="frame").filter((col("frame") >= lit(5)) & (col("frame") < lit(9))),
    "range, filled": lambda ds: ds.reader(index="frame", fill_latest_at=True).filter(col("frame") > lit(25)),
    "index values": lambda ds: ds.reader(index="frame", using_index_values=SEQUENCES, fill_latest_at=True),
    "same index values": lambda ds: ds.reader(index="frame", using_index_values=np.array([1, 20]), fill_latest_at=True),
    "columns": lambda ds: ds.reader(index="frame").select("rerun_segment_id", "frame", "/sparse:Scalars:scalars"),
    "nothing": lambda ds: ds.reader(index="frame").filter(col("frame") > lit(1000)),
}


def answer(query, dataset):
    try:
        table = query(dataset).to_arrow_table()
    except Exception as error:
        return f"{type(error).__name__}: {error}"
    rows = sorted(repr(row) for row in table.to_pylist())
    return {"columns": sorted(f"{field.name}: {field.type}" for field in table.schema), "rows": rows}


results = []
for url in sys.argv[2:]:
    dataset = CatalogClient(url).create_dataset("ds")
    dataset.register(FILES).wait()
    results.append({name: answer(query, dataset) for name, query in QUERIES.items()})
print(json.dumps(results))
