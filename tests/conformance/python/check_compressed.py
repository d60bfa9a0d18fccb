"""check_compressed.py DIR : compares DIR/NAME.bin, images that were compressed elsewhere, with what Rerun's own SDK makes of the same
pixels. Prints one JSON object: NAME -> the greatest difference of a pixel's channel, and the sizes of both files."""
import io
import json
import sys

import numpy as np
import rerun as rr
from PIL import Image


def pixels(*shape):
    """As `pixels` in ../compress.test.ts."""
    i = np.arange(np.prod(shape))
    return ((i * 7 // 50) % 256).reshape(shape)


def blob(archetype):
    return bytes(archetype.blob.as_arrow_array()[0].as_py())


def decoded(data):
    return np.array(Image.open(io.BytesIO(data))).astype(int)


CASES = {
    "gray": rr.Image(pixels(40, 60).astype(np.uint8)).compress(),
    "rgb": rr.Image(pixels(40, 60, 3).astype(np.uint8)).compress(jpeg_quality=80),
    "bgr": rr.Image(pixels(40, 60, 3).astype(np.uint8), color_model="BGR").compress(jpeg_quality=80),
    "depth8": rr.DepthImage(pixels(30, 20).astype(np.uint8)).compress(),
    "depth16": rr.DepthImage((pixels(30, 20) * 257).astype(np.uint16)).compress(compress_level=9),
}

result = {}
for name, archetype in CASES.items():
    theirs = blob(archetype)
    with open(f"{sys.argv[1]}/{name}.bin", "rb") as file:
        ours = file.read()
    a, b = decoded(theirs), decoded(ours)
    difference = int(np.abs(a - b).max()) if a.shape == b.shape else f"{a.shape} against {b.shape}"
    result[name] = {"difference": difference, "theirs": len(theirs), "ours": len(ours)}
print(json.dumps(result))
