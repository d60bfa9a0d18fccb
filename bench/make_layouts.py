"""make_layouts.py FOLDER ROWS : writes recordings of ROWS rows × 10 scalars with Rerun's SDK, in three layouts."""
import sys

import numpy as np
import rerun as rr

folder, rows = sys.argv[1], int(sys.argv[2])
rng = np.random.default_rng(1)
values = [np.cumsum(rng.standard_normal(rows)) for _ in range(10)]
frames = np.arange(rows)


def write(name, log):
    rec = rr.RecordingStream("bench", recording_id=name)
    rec.save(f"{folder}/{name}.rrd")
    log(rec)
    rec.flush()
    rec.disconnect()


def pieces(size):
    return [slice(start, start + size) for start in range(0, rows, size)]


def one_entity(rec):
    for piece in pieces(50_000):
        columns = rr.AnyValues.columns(**{f"c{i}": values[i][piece] for i in range(10)})
        rec.send_columns("data", [rr.TimeColumn("frame", sequence=frames[piece])], columns)


def ten_entities(size):
    def log(rec):
        for piece in pieces(size):
            for i in range(10):
                rec.send_columns(f"data/{i}", [rr.TimeColumn("frame", sequence=frames[piece])], rr.Scalars.columns(scalars=values[i][piece]))

    return log


write("one-entity", one_entity)
write("large-chunks", ten_entities(50_000))
write("small-chunks", ten_entities(8_192))
