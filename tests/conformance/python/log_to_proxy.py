"""log_to_proxy.py URL: logs 100 000 scalars and 1 000 images to a message proxy, and what a late reader shall get once."""

import sys

import numpy as np
import rerun as rr
import rerun.blueprint as rrb

NUM_SCALARS = 100_000
NUM_IMAGES = 1_000

rr.init("conformance_grpc", recording_id="to_proxy")
rr.connect_grpc(sys.argv[1], default_blueprint=rrb.Blueprint(rrb.TimeSeriesView(origin="/scalar")))
for text in ("old", "new"):
    rr.log("note", rr.TextDocument(text), static=True)
    rr.get_global_data_recording().flush()
for i in range(NUM_SCALARS):
    rr.set_time("frame", sequence=i)
    rr.log("scalar", rr.Scalars(i * 0.5))
image = np.random.default_rng(1).integers(0, 255, (64, 64, 3), dtype=np.uint8)
for i in range(NUM_IMAGES):
    rr.set_time("frame", sequence=i)
    image[0, 0, 0] = i % 256
    rr.log("image", rr.Image(image))
rr.get_global_data_recording().flush(timeout_sec=60)
rr.disconnect()
