"""compare_blueprints.py DIR NAME... : strict comparison of NAME.rrd (a blueprint logged as a recording) with NAME.rbl.
Prints one JSON object: NAME -> list of differences, empty when they are equal."""
import json
import sys
from collections import Counter

from strict_compare import chunks


def rows(path):
    return Counter({key[1:]: count for key, count in chunks(path).items()})


def compare(a, b):
    left, right = rows(a), rows(b)
    return [f"only in A: {key}"[:2000] for key in left - right] + [f"only in B: {key}"[:2000] for key in right - left]


if __name__ == "__main__":
    folder, *names = sys.argv[1:]
    print(json.dumps({name: compare(f"{folder}/{name}.rrd", f"{folder}/{name}.rbl") for name in names}))
