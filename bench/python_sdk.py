# Peer benchmark: Rerun's Python SDK on the same fixed workloads, saving to an .rrd file.
import sys, time, os, numpy as np, rerun as rr
what, n, out = sys.argv[1], int(sys.argv[2]), sys.argv[3]
rr.init("bench"); rr.save(out)
r = np.random.default_rng(42)
if what == "scalars":
    v = r.random(n); t = time.perf_counter()
    for i in range(n):
        if i % 600 == 0: rr.set_time("frame", sequence=i // 600)
        rr.log(f"scalar_{i%600}", rr.Scalars(v[i]))
elif what == "transforms":
    tr = r.random((n, 3), dtype=np.float32); m = r.random((n, 3, 3), dtype=np.float32); t = time.perf_counter()
    for i in range(n):
        if i % 10 == 0: rr.set_time("frame", sequence=i // 10)
        rr.log(f"transform_{i%10}", rr.Transform3D(translation=tr[i], mat3x3=m[i]))
elif what == "points1":
    p = r.random((n, 1, 3), dtype=np.float32); t = time.perf_counter()
    for i in range(n):
        rr.set_time("frame", sequence=i)
        rr.log("single_point", rr.Points3D(p[i], colors=[0xff0000ff], radii=[0.1]))
elif what == "batch":
    p = r.random((n, 3), dtype=np.float32); c = np.arange(n, dtype=np.uint32); t = time.perf_counter()
    rr.log("batch", rr.Points3D(p, colors=c))
elif what == "image":
    img = (r.random((1024, 1024, 4)) * 16).astype(np.uint8); t = time.perf_counter()
    for i in range(n):
        img.flat[i] = 255; rr.log("image", rr.Image(img))
elif what == "columns":
    v = r.random(n); t = time.perf_counter()
    rr.send_columns("s", [rr.TimeColumn("frame", sequence=np.arange(n))], rr.Scalars.columns(scalars=v))
d = time.perf_counter() - t
rr.get_global_data_recording().flush() if hasattr(rr.get_global_data_recording(), "flush") else None
f = time.perf_counter() - t
rr.disconnect()
import json, resource
print(json.dumps({"calls": d, "flushed": f, "bytes": os.path.getsize(out), "rssMiB": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024}))
