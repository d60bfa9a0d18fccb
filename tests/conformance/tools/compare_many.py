"""compare_many.py A_DIR B_DIR NAME... : strict_compare of NAME.rrd in both folders, all in one process.
Prints one JSON object: NAME -> list of differences, empty when the recordings are equal.
`NAME~` forgives 32-bit floats their last two bits: numpy's functions of 32 bits do not round correctly."""
import json
import struct
import sys
from collections import Counter

from strict_compare import chunks


def describe(side, key):
    kind, path, static, times, columns = key
    return f"{side}: {kind} {path}{' static' if static else ''} {times} {columns}"[:2000]


def float_of(value):
    return struct.unpack("<d", value[1])[0] if isinstance(value, tuple) and len(value) == 2 and value[0] == "f" else None


def is_32_bit(number):
    return struct.unpack("<f", struct.pack("<f", number))[0] == number


def is_near(a, b):
    left, right = float_of(a), float_of(b)
    if left is not None and right is not None and is_32_bit(left) and is_32_bit(right):
        return abs(left - right) <= 2**-22 * abs(left)
    if isinstance(a, tuple) and isinstance(b, tuple):
        return len(a) == len(b) and all(map(is_near, a, b))
    return a == b


def without_near(left, right):
    for key in list(left.elements()):
        near = next((other for other in right if right[other] > 0 and is_near(key, other)), None)
        if near is not None:
            left -= Counter([key])
            right -= Counter([near])
    return left, right


def compare(a, b, is_forgiving):
    left, right = chunks(a), chunks(b)
    only_left, only_right = left - right, right - left
    if is_forgiving:
        only_left, only_right = without_near(only_left, only_right)
    return [describe("only in A", k) for k in only_left] + [describe("only in B", k) for k in only_right]


if __name__ == "__main__":
    a_dir, b_dir, *given = sys.argv[1:]
    names = {text.removesuffix("~"): text.endswith("~") for text in given}
    print(json.dumps({name: compare(f"{a_dir}/{name}.rrd", f"{b_dir}/{name}.rrd", near) for name, near in names.items()}))
