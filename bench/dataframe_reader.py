"""dataframe_reader.py FOLDER REPEATS : times Rerun's reader over its own server, on the recordings that make_layouts.py made; JSON."""
import json
import sys
import time

from rerun.server import Server

folder, repeats = sys.argv[1], int(sys.argv[2])
LAYOUTS = {"one-entity": "/data:c3", "large-chunks": "/data/3:Scalars:scalars", "small-chunks": "/data/3:Scalars:scalars"}
results = []
with Server() as server:
    client = server.client()
    for layout, column in LAYOUTS.items():
        dataset = client.create_dataset(layout)
        dataset.register([f"file://{folder}/{layout}.rrd"]).wait()
        readers = {
            "all": lambda: dataset.reader(index="frame"),
            "filled": lambda: dataset.reader(index="frame", fill_latest_at=True),
            "column": lambda: dataset.reader(index="frame").select("frame", f'"{column}"'),
        }
        for query, reader in readers.items():
            best = float("inf")
            for _ in range(repeats):
                start = time.perf_counter()
                table = reader().to_arrow_table()
                best = min(best, time.perf_counter() - start)
            results.append({"layout": layout, "query": query, "seconds": best, "rows": table.num_rows, "columns": table.num_columns})
print(json.dumps(results))
