"""log_batched.py OUT.rrd : many rows with the default batcher, so that the grouping into chunks shows. See ../batching.test.ts."""
import sys

import rerun as rr

rec = rr.RecordingStream("conformance", recording_id="batched")
rec.save(sys.argv[1])
for i in range(40):
    rec.set_time("frame", sequence=i)
    rec.log("a", rr.Scalars(i))
    rec.log("b", rr.Points3D([[i, 0, 0]], radii=0.5))
    if i % 3 == 0:
        rec.log("a", rr.SeriesLines(widths=i, names="n"))
        rec.log("b", rr.Points3D.from_fields(radii=i))
        rec.log("b", rr.Points3D.from_fields(colors=[[i, 0, 0]]))
    if i % 10 == 0:
        rec.set_time("other", duration=i)
        rec.log("a", rr.Scalars(-1 - i))
        rec.disable_timeline("other")
        rec.log("a", rr.Scalars([i, i]), static=True)
    rec.log("mixed", rr.AnyValues(x=0.5) if i % 2 else rr.AnyValues(y=0.25))
for i in range(9000):
    rec.set_time("frame", sequence=i if i != 100 else 5000)
    rec.log("late", rr.Scalars(i))
for i in range(9000):
    rec.set_time("frame", sequence=i if i != 8500 else 5)
    rec.log("later", rr.Scalars(i))
rec.flush()
rec.disconnect()
