"""Makes the recordings that dataframe queries are compared on, asks the real server, and writes its answers: FOLDER QUERIES.json"""
import json
import os
import sys
from datetime import datetime, timezone

import datafusion as dfn
import numpy as np
import pyarrow as pa
import pyarrow.ipc
import rerun as rr
from rerun.server import Server

folder = sys.argv[1]
queries = json.load(open(sys.argv[2]))


class Segment:
    """A recording under construction, written as one file."""

    def __init__(self, dataset, segment):
        os.makedirs(os.path.join(folder, dataset), exist_ok=True)
        self.path = os.path.abspath(os.path.join(folder, dataset, f"{segment}.rrd"))
        self.rec = rr.RecordingStream("dataframes", recording_id=segment)
        self.rec.save(self.path)

    def at(self, **times):
        self.rec.reset_time()
        for name, value in times.items():
            if name in ("frame", "step"):
                self.rec.set_time(name, sequence=value)
            elif name == "dur":
                self.rec.set_time(name, duration=value)
            else:
                self.rec.set_time(name, timestamp=value)
        return self

    def log(self, *args, **kwargs):
        self.rec.log(*args, **kwargs)

    def close(self):
        self.rec.flush()
        self.rec.disconnect()
        return self.path


def basics():
    s = Segment("basics", "alpha")
    for i in range(12):
        s.at(frame=i, step=100 - i)
        s.log("/world/points", rr.Points3D([[i, 0, 0]] * (i % 3), colors=[0xFF0000FF + i]))
        if i % 3 == 0:
            s.log("/sparse", rr.Scalars(i * 0.5))
        if i % 4 == 1:
            s.log("/world/points", rr.Points3D.from_fields(radii=[i * 0.25, i]))
    # out of order, and ties on the index
    for i in [5, 3, 9, 3, 5]:
        s.at(frame=i, step=1000 + i)
        s.log("/unordered", rr.Scalars(i + 0.125), rr.AnyValues(note=f"n{i}"))
    s.at(frame=5)
    s.log("/unordered", rr.Scalars(77.0))
    s.log("/unordered", rr.AnyValues(note="later"))
    s.log("/fixed", rr.Scalars(1.5), static=True)
    s.log("/fixed", rr.TextDocument("hello"), static=True)
    s.at(frame=6)
    s.log("/fixed", rr.Scalars(2.5))
    s.log("/fixed", rr.TextLog("temporal beside static"))
    s.rec.send_columns(
        "/columns",
        [rr.TimeColumn("frame", sequence=np.arange(0, 40, 2))],
        rr.Scalars.columns(scalars=np.arange(20) * 1.0),
    )
    files = [s.close()]
    s = Segment("basics", "beta")
    for i in range(5):
        s.at(frame=10 + i, step=i)
        s.log("/world/points", rr.Points3D([[0, i, 0]], labels=[f"p{i}"]))
        s.log("/only/beta", rr.TextLog(f"line {i}", level="INFO" if i % 2 else None))
    s.log("/world", rr.ViewCoordinates.RIGHT_HAND_Y_UP, static=True)
    s.log("/fixed", rr.Scalars(9.5), static=True)
    s.at(step=3)
    s.log("/only/step", rr.Scalars(3.0))
    files.append(s.close())
    return files


def clears():
    s = Segment("clears", "flat")
    for i in range(8):
        s.at(frame=i)
        s.log("/p", rr.Scalars(float(i)))
        s.log("/p/a", rr.Scalars(10.0 + i), rr.AnyValues(tag=i))
        if i % 2 == 0:
            s.log("/q", rr.Points2D([[i, i]]))
    s.at(frame=3)
    s.log("/p/a", rr.Clear(recursive=False))
    s.at(frame=20)
    s.log("/p", rr.Clear(recursive=False))
    s.at(frame=25)
    s.log("/p/a", rr.AnyValues(tag=99))
    files = [s.close()]
    s = Segment("clears", "recursive")
    for i in range(6):
        s.at(frame=i)
        s.log("/p", rr.Scalars(float(i)))
        s.log("/p/a", rr.Scalars(20.0 + i))
        s.log("/p/a/b", rr.Scalars(30.0 + i), rr.AnyValues(tag=i))
    s.at(frame=2)
    s.log("/p", rr.Clear(recursive=True))
    s.log("/p/a", rr.Scalars(222.0))
    s.at(frame=10)
    s.log("/p", rr.Clear(recursive=True))
    s.at(frame=12)
    s.log("/p/a/b", rr.Scalars(333.0))
    s.log("/p/st", rr.Scalars(5.0), static=True)
    files.append(s.close())
    return files


def clears_static():
    s = Segment("clears_static", "sclear")
    for i in range(3):
        s.at(frame=i)
        s.log("/p", rr.Scalars(float(i)))
        s.log("/p/a", rr.Scalars(10.0 + i))
    s.log("/p", rr.Clear(recursive=True), static=True)
    return [s.close()]


def timelines():
    s = Segment("timelines", "many")
    for i in range(6):
        s.at(frame=i - 3, dur=i * 0.5, wall=datetime(2024, 1, 1, 0, 0, i, tzinfo=timezone.utc))
        s.log("/a", rr.Scalars(float(i)))
        s.at(frame=i - 3, dur=100 - i * 0.25)
        s.log("/b", rr.Scalars(float(i)))
    s.at(dur=1.75)
    s.log("/c", rr.Scalars(8.0))
    s.at(wall=datetime(1960, 5, 1, tzinfo=timezone.utc))
    s.log("/c", rr.Scalars(9.0))
    s.at(frame=-(2**62))
    s.log("/far", rr.Scalars(1.0))
    s.at(frame=2**62)
    s.log("/far", rr.Scalars(2.0))
    return [s.close()]


def nested():
    s = Segment("nested", "types")
    for i in range(4):
        s.at(frame=i)
        s.log("/image", rr.Image(np.full((2, 3, 3), i, dtype=np.uint8)))
        if i != 2:
            s.log("/tensor", rr.Tensor(np.arange(6, dtype=[np.uint8, np.float32, np.int64, np.int16][i]).reshape(2, 3), dim_names=("w", "h")))
        s.log("/transform", rr.Transform3D(translation=[i, 0, 0], rotation=rr.Quaternion(xyzw=[0, 0, 0, 1])))
        s.log("/any", rr.AnyValues(i=i, f=i * 0.5, s=f"text {i}", flags=[True, i % 2 == 0], data=bytes([i, 1, 2])))
        if i % 2:
            s.log("/lines", rr.LineStrips3D([[[0, 0, 0], [i, 1, 1]], [[1, 1, 1]] * i]))
        s.log("/ann", rr.AnnotationContext([(1, f"label{i}", (255, 0, 0)), (2, "b")]))
        s.log("/boxes", rr.Boxes3D(half_sizes=[[1, 1, 1]] * i, labels=[f"b{j}" for j in range(i)]))
    return [s.close()]


def props():
    files = []
    for n in range(2):
        s = Segment("props", f"run{n}")
        s.rec.send_recording_name(f"Run {n}")
        s.rec.send_property("user", rr.AnyValues(operator=f"op{n}", number=n))
        s.rec.send_property("user/nested", rr.AnyValues(deep=n * 0.5))
        for i in range(3):
            s.at(frame=i)
            s.log("/x", rr.Scalars(float(i + n)))
        files.append(s.close())
    return files


def empties():
    s = Segment("empties", "blank")
    for i in range(3):
        s.at(frame=i)
        s.log("/e", rr.Points3D([]))
        s.log("/f", rr.Points3D([[1, 2, 3]], labels=[]))
        s.log("/g", rr.Scalars(float(i)))
    s.log("/h", rr.Points2D([]), static=True)
    return [s.close()]


def statics():
    s = Segment("statics", "static")
    s.log("/a", rr.Scalars(1.0), static=True)
    s.log("/b/c", rr.TextDocument("doc"), static=True)
    s.log("/a", rr.Scalars(2.0), static=True)
    return [s.close()]


def chunky():
    """Many chunks that overlap, tie and lie out of order."""
    s = Segment("chunky", "big")
    rng = np.random.default_rng(7)
    for c in range(12):
        n = int(rng.integers(1, 60))
        times = rng.integers(0, 100, n)
        s.rec.send_columns("/k", [rr.TimeColumn("frame", sequence=times), rr.TimeColumn("step", sequence=rng.integers(0, 1000, n))], rr.Scalars.columns(scalars=rng.random(n)))
        if c % 2:
            s.rec.send_columns("/l", [rr.TimeColumn("frame", sequence=times)], [*rr.Scalars.columns(scalars=rng.random(n)), *rr.AnyValues.columns(txt=[f"{c}:{i}" for i in range(n)])])
        if c % 3 == 0:
            s.rec.send_columns("/m/n", [rr.TimeColumn("frame", sequence=times + 3)], rr.Points3D.columns(positions=rng.random((n * 2, 3)), colors=np.arange(n * 2)).partition([2] * n))
    return [s.close()]


DATASETS = [basics, clears, clears_static, timelines, nested, props, empties, statics, chunky]


def value_for(text, type):
    return pa.scalar(int(text), pa.int64()).cast(type)


def answer(dataset, q):
    view = dataset
    if "segments" in q:
        view = view.filter_segments(q["segments"])
    if "contents" in q:
        view = view.filter_contents(q["contents"])
    kwargs = {}
    for ours, theirs in [("fillLatestAt", "fill_latest_at"), ("includeSemanticallyEmptyColumns", "include_semantically_empty_columns"), ("includeTombstoneColumns", "include_tombstone_columns")]:
        if ours in q:
            kwargs[theirs] = q[ours]
    index = q.get("index")
    index_type = None
    if index is not None:
        index_type = {f.name: f.type for f in dataset.schema().to_arrow()}.get(index)
    if "usingIndexValues" in q:
        def values(list):
            array = np.array([int(v) for v in list], dtype=np.int64)
            if index_type is not None and pa.types.is_timestamp(index_type): return array.astype("datetime64[ns]")
            if index_type is not None and pa.types.is_duration(index_type): return array.astype("timedelta64[ns]")
            return array
        u = q["usingIndexValues"]
        kwargs["using_index_values"] = {k: values(v) for k, v in u.items()} if isinstance(u, dict) else values(u)
    frame = view.reader(index=index, **kwargs)
    if "range" in q:
        lo, hi = (value_for(v, index_type) for v in q["range"])
        frame = frame.filter((dfn.col('"%s"' % index) >= dfn.lit(lo)) & (dfn.col('"%s"' % index) <= dfn.lit(hi)))
    if "isNotNull" in q:
        frame = frame.filter(~dfn.col('"%s"' % q["isNotNull"]).is_null())
    if "columns" in q:
        frame = frame.select(*['"%s"' % c for c in q["columns"]])
    if "limit" in q:
        frame = frame.limit(q["limit"])
    return frame.to_arrow_table()


files = {make.__name__: make() for make in DATASETS}
results = []
with Server() as server:
    client = server.client()
    datasets = {}
    for name, paths in files.items():
        datasets[name] = client.create_dataset(name)
        datasets[name].register([f"file://{p}" for p in paths]).wait()
    for name, dataset in datasets.items():
        with pa.ipc.new_stream(os.path.join(folder, f"segments-{name}.arrow"), (t := dataset.segment_table().to_arrow_table()).schema) as w:
            w.write_table(t)
        schema = dataset.schema().to_arrow()
        with pa.ipc.new_stream(os.path.join(folder, f"schema-{name}.arrow"), schema) as w:
            pass
    for i, q in enumerate(queries):
        try:
            table = answer(datasets[q["dataset"]], q)
            with pa.ipc.new_stream(os.path.join(folder, f"answer-{i}.arrow"), table.schema) as w:
                w.write_table(table)
            results.append({"rows": table.num_rows})
        except Exception as error:
            results.append({"error": f"{type(error).__name__}: {error}"})
json.dump(results, open(os.path.join(folder, "results.json"), "w"))
