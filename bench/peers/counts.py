"""numpy: weighted counts without standard errors.  counts.py FOLDER N"""

import json
import os
import sys
import time

import numpy

folder, n = sys.argv[1], int(sys.argv[2])
names = open(os.path.join(folder, "data.csv")).readline().strip().split(",")
used = [i for i, name in enumerate(names) if name == "w" or name[0] in "qb"]
# As bytes, as this library has them; reading is not timed.
rows = numpy.loadtxt(os.path.join(folder, "data.csv"), delimiter=",", skiprows=1, usecols=used)
columns = {names[i]: rows[:, k] for k, i in enumerate(used)}
w = numpy.ascontiguousarray(columns.pop("w"))
codes = {name: column.astype(numpy.uint8) for name, column in columns.items()}
del rows, columns


def table(q, b):
    return numpy.bincount(codes[q] * numpy.uint8(9) + codes[b], weights=w, minlength=64)


def book():
    for b in range(1, 11):
        for q in range(1, 21):
            table(f"q{q}", f"b{b}")
    return table("q1", "b1")


for operation, run in (("table_no_se", lambda: table("q1", "b1")), ("book_no_se", book)):
    seconds, cpu = [], []
    for _ in range(3):
        start, cpu_start = time.perf_counter(), time.process_time()
        counts = run()
        seconds.append(time.perf_counter() - start)
        cpu.append(time.process_time() - cpu_start)
    print(json.dumps({"source": "numpy " + numpy.__version__, "operation": operation, "n": n,
                      "threads": 1, "note": "", "seconds": seconds, "cpu": cpu,
                      "value": [float(x) for x in counts if x > 0], "se": []}))
