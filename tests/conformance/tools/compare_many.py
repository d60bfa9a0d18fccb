"""compare_many.py A_DIR B_DIR NAME... : strict_compare of NAME.rrd in both folders, all in one process.
Prints one JSON object: NAME -> list of differences, empty when the recordings are equal."""
import json
import sys

from strict_compare import chunks


def describe(side, key):
    kind, path, static, times, columns = key
    return f"{side}: {kind} {path}{' static' if static else ''} {times} {columns}"[:2000]


def compare(a, b):
    left, right = chunks(a), chunks(b)
    return [describe("only in A", k) for k in left - right] + [describe("only in B", k) for k in right - left]


if __name__ == "__main__":
    a_dir, b_dir, *names = sys.argv[1:]
    print(json.dumps({name: compare(f"{a_dir}/{name}.rrd", f"{b_dir}/{name}.rrd") for name in names}))
