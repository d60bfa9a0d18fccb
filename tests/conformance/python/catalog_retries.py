"""Does one operation of Rerun's own client with each server, all at the same time, and prints how they ended.

usage: catalog_retries.py OPERATION=URL…
"""

import json
import sys
from concurrent.futures import ThreadPoolExecutor

from rerun.catalog import CatalogClient

DATASET, TABLE = "drives", "notes"

OPERATIONS = {
    "schema": lambda client: client.get_dataset(DATASET).schema(),
    "segment_ids": lambda client: client.get_dataset(DATASET).segment_ids(),
    "manifest": lambda client: client.get_dataset(DATASET)._manifest().to_arrow_table(),
    "reader": lambda client: client.get_dataset(DATASET).reader("frame").to_arrow_table(),
    "segment_store": lambda client: client.get_dataset(DATASET).segment_store("drive").schema(),
    "segment_schema": lambda client: client.get_dataset(DATASET).segment("drive").schema(),
    "table": lambda client: client.get_table(TABLE).reader().to_arrow_table(),
    "append": lambda client: client.get_table(TABLE).append(id=[1]),
    "rename": lambda client: client.get_dataset(DATASET).set_name(DATASET),
    "unregister": lambda client: client.get_dataset(DATASET).unregister(segments_to_drop="none", layers_to_drop=[]),
}


def run(arg: str) -> str:
    operation, url = arg.split("=", 1)
    try:
        OPERATIONS[operation](CatalogClient(url))
    except BaseException as e:  # also panics of the native module
        return f"{type(e).__name__}: {e}"
    return "no error"


with ThreadPoolExecutor(64) as pool:
    print(json.dumps(list(pool.map(run, sys.argv[1:]))))
