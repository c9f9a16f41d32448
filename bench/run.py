"""Asks the same questions of this library and of its peers, on the same data, one after another.

  bench/run.py quick        1e5 and 1e6 rows (some minutes)
  bench/run.py full         1e7 too, R at 1e7, DuckDB and the SQL engines to 1e8, servers
  bench/run.py quick --only table,book     these operations of ours alone, no peers, no report
  bench/run.py quick --parts ours,sql --append     some parts, added to the steps that are there

Steps go to build/bench/steps.jsonl, a line each, as they are made; report.py makes results.md and
the charts of them. Peers that are not installed are left out, and named in the report.
"""

import argparse
import hashlib
import json
import os
import platform
import shutil
import subprocess
import sys
import time

import servers

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
WORK = os.path.join(ROOT, "build", "bench")
PROGRAM = os.path.join(ROOT, "build", "release", "bench", "survey_bench")
PEERS = os.path.join(ROOT, "bench", "peers")
STEPS = os.path.join(WORK, "steps.jsonl")
THREADED = ("table", "table_unsorted", "book", "book_full", "replicates_given", "sav_read", "sav_write")
PYTHON = "/usr/bin/python3"  # Debian's, which has Debian's numpy


def say(text):
    print(f"    {time.strftime('%H:%M:%S')} {text}", flush=True)


def output_of(command):
    """The first line a program prints of itself, or None where it is not there."""
    if shutil.which(command[0]) is None:
        return None
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    text = (done.stdout or done.stderr).strip()
    return text.splitlines()[0] if done.returncode == 0 and text else None


class Steps:
    """The file of steps; `run` adds what a command prints."""

    def __init__(self, append):
        os.makedirs(WORK, exist_ok=True)
        if not append:
            open(STEPS, "w").close()
        self.out = open(STEPS, "a")

    def add(self, step):
        step["load"] = round(os.getloadavg()[0], 2)
        step["at"] = time.strftime("%Y-%m-%d %H:%M", time.gmtime())
        self.out.write(json.dumps(step) + "\n")
        self.out.flush()

    def run(self, what, command, cwd=None):
        say(what)
        process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
                                   cwd=cwd)
        for line in process.stdout:
            if line.startswith("{"):
                self.add(json.loads(line))
        trouble = process.stderr.read().strip()
        if process.wait() != 0:
            say(f"failed: {trouble[-300:]}")
            self.add({"source": "failure", "operation": what, "failed": trouble[-300:]})

    def timed(self, source, operation, n, command, times=3, note="", threads=1):
        """A whole program: seconds and its largest resident memory."""
        say(f"{source}: {operation}, {n:,} rows")
        seconds, cpu, peak = [], [], 0
        for _ in range(times):
            start = time.perf_counter()
            process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
            _, status, usage = os.wait4(process.pid, 0)
            seconds.append(time.perf_counter() - start)
            cpu.append(usage.ru_utime + usage.ru_stime)
            process.returncode = status
            peak = max(peak, usage.ru_maxrss * 1024 / 1e6)
            if status != 0:
                self.add({"source": source, "operation": operation, "n": n, "failed": str(status)})
                return
            if seconds[-1] > 20:
                break
        self.add({"source": source, "operation": operation, "n": n, "threads": threads, "note": note,
                  "seconds": seconds, "cpu": cpu, "peak_mb": round(peak, 1), "value": [], "se": []})


def machine():
    facts = {"source": "machine", "operation": "facts"}
    facts["date"] = time.strftime("%Y-%m-%d %H:%M", time.gmtime())
    facts["kernel"] = platform.release()
    for line in open("/proc/cpuinfo"):
        if line.startswith("model name"):
            facts["processor"] = line.split(":")[1].strip()
        if line.startswith("cpu family"):
            facts["family"] = line.split(":")[1].strip()
        if line.startswith("cache size"):
            facts["cache"] = line.split(":")[1].strip()
    facts["processors"] = os.cpu_count()
    facts["memory_gb"] = round(os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 1e9, 1)
    facts["compiler"] = output_of(["c++", "--version"])
    commit = subprocess.run(["git", "-C", ROOT, "describe", "--always", "--dirty"], capture_output=True,
                            text=True, check=False)
    facts["commit"] = commit.stdout.strip()
    facts["R"] = output_of(["Rscript", "--version"])
    facts["PSPP"] = output_of(["pspp", "--version"])
    facts["PostgreSQL"] = output_of(["psql", "--version"])
    facts["ClickHouse"] = output_of(["clickhouse-server", "--version"])
    return facts


def folder_of(n):
    return os.path.join(WORK, f"rows{n}")


def make_files(n, given):
    """Once for each state of the generator."""
    sources = b"".join(open(os.path.join(ROOT, "bench", name), "rb").read()
                       for name in ("generate.cpp", "files.cpp", "ours_shared.cpp"))
    stamp = hashlib.sha256(sources).hexdigest() + str(given)
    folder = folder_of(n)
    mark = os.path.join(folder, "stamp")
    if os.path.exists(mark) and open(mark).read() == stamp:
        return
    say(f"writing the files of {n:,} rows")
    shutil.rmtree(folder, ignore_errors=True)
    subprocess.run([PROGRAM, "files", "--folder", folder, "--n", str(n), "--given", str(int(given))],
                   check=True)
    open(mark, "w").write(stamp)


def operations():
    return subprocess.run([PROGRAM, "list"], capture_output=True, text=True, check=True).stdout.split()


def of_a_curve(operation):
    """tables_20, replicates_40: points of a curve, at one size."""
    return operation.split("_")[-1].isdigit()


def run_ours(steps, only, sizes):
    for n in sizes:
        for operation in operations():
            if operation not in only if only else of_a_curve(operation):
                continue
            for threads in (1, 2) if operation in THREADED else (1,):
                steps.run(f"barometer: {operation}, {n:,} rows, {threads} thread(s)",
                          [PROGRAM, "ours", "--operation", operation, "--n", str(n), "--threads",
                           str(threads), "--folder", WORK])


def r_has(package):
    done = subprocess.run(["Rscript", "-e", f"packageVersion('{package}')"], capture_output=True,
                          check=False)
    return done.returncode == 0


def run_r(steps, sizes, long_size):
    if shutil.which("Rscript") is None:
        return
    script = lambda name, *words: ["Rscript", os.path.join(PEERS, name), *map(str, words)]
    for n in sizes:
        if r_has("survey"):
            steps.run(f"R survey, {n:,} rows", script("survey.R", folder_of(n), n))
        if r_has("data.table"):
            for threads in (1, 2):
                steps.run(f"data.table, {n:,} rows, {threads} thread(s)",
                          script("data_table.R", folder_of(n), n, threads))
    if r_has("haven"):
        n = sizes[-1]
        steps.run(f"haven, {n:,} rows", script("haven.R", folder_of(n), n))
    if long_size:
        steps.run(f"R survey, {long_size:,} rows",
                  script("survey.R", folder_of(long_size), long_size, "design", "table", "mean1"))


def run_pspp(steps, n):
    """200 tables of weighted counts, without standard errors; reading the file is in it."""
    if shutil.which("pspp") is None:
        return
    folder = folder_of(n)
    names = open(os.path.join(folder, "data.csv")).readline().strip().split(",")
    types = [f"{name} {'F12.6' if name == 'w' else 'F8'}" for name in names]
    read = (f"GET DATA /TYPE=TXT /FILE='{folder}/data.csv' /FIRSTCASE=2 /DELIMITERS=','"
            f" /VARIABLES={' '.join(types)}.\n")
    sav = os.path.join(folder, "pspp.sav")
    scripts = {"save": read + f"SAVE OUTFILE='{sav}'.\n",
               "book_no_se": f"GET FILE='{sav}'.\nWEIGHT BY w.\n"
                             "CROSSTABS /TABLES=q1 TO q20 BY b1 TO b10 /CELLS=COUNT COLUMN.\n"}
    for name, text in scripts.items():
        open(os.path.join(folder, name + ".sps"), "w").write(text)
    command = lambda name: ["pspp", "-o", os.path.join(folder, "pspp.txt"),
                            os.path.join(folder, name + ".sps")]
    subprocess.run(command("save"), check=False, capture_output=True)
    steps.timed("PSPP", "book_no_se", n, command("book_no_se"), note="with reading its .sav file")


def run_others(steps, sizes):
    for n in sizes:
        for threads in (1, 2):
            steps.run(f"DuckDB, {n:,} rows, {threads} thread(s)",
                      [PROGRAM, "duckdb", "--folder", folder_of(n), "--n", str(n), "--threads",
                       str(threads)])
    n = sizes[-1]
    if subprocess.run([PYTHON, "-c", "import numpy"], capture_output=True, check=False).returncode == 0:
        steps.run(f"numpy, {n:,} rows", [PYTHON, os.path.join(PEERS, "counts.py"), folder_of(n), str(n)])
    run_pspp(steps, n)


def run_curves(steps, full):
    """Time against rows, tables and replicates."""
    for n in [10_000, 30_000, 300_000] + ([3_000_000, 10_000_000] if full else [3_000_000]):
        for operation in ("table", "book"):
            steps.run(f"barometer: {operation}, {n:,} rows",
                      [PROGRAM, "ours", "--operation", operation, "--n", str(n)])
    for operation in filter(of_a_curve, operations()):
        steps.run(f"barometer: {operation}", [PROGRAM, "ours", "--operation", operation, "--n", "1000000"])


def run_sql(steps, full):
    """One table with SE by the engines that leave the cases where they are."""
    if not os.path.isdir(os.path.join(ROOT, "barometer", "sql")):
        return

    def ask(operation, engine, data, n):
        steps.run(f"barometer: {operation}, {n:,} rows",
                  [PROGRAM, "sql", "--operation", operation, "--engine", engine, "--data", data, "--n", str(n),
                   "--threads", "2"])

    for n in [100_000, 1_000_000] + ([10_000_000, 100_000_000] if full else []):
        file = os.path.join(WORK, f"rows{n}.parquet")
        if not os.path.exists(file):
            say(f"writing {n:,} rows as Parquet")
            subprocess.run([PROGRAM, "parquet", "--file", file, "--n", str(n), "--threads", "2"], check=True)
        ask("sql_duckdb", "duckdb", file, n)
    makers = [("sql_postgresql", servers.postgresql), ("sql_clickhouse_1", lambda csv: servers.clickhouse(csv, 1)),
              ("sql_clickhouse_2", lambda csv: servers.clickhouse(csv, 2))]
    for n in [100_000, 1_000_000] + ([10_000_000] if full else []):
        for operation, make in makers:
            try:
                with make(os.path.join(folder_of(n), "data.csv")) as address:
                    ask(operation, address, "survey", n)
            except (RuntimeError, OSError, subprocess.CalledProcessError) as trouble:
                say(f"no {operation}: {trouble}")


def main():
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("size", nargs="?", default="quick", choices=["quick", "full"])
    parser.add_argument("--only", default="")
    parser.add_argument("--parts", default="ours,curves,sql,others,r")
    parser.add_argument("--append", action="store_true")
    words = parser.parse_args()
    only = [word for word in words.only.split(",") if word]
    parts = words.parts.split(",")
    full = words.size == "full"
    sizes = [100_000, 1_000_000]
    steps = Steps(words.append)
    steps.add(machine())
    steps.run("bandwidth of the memory", [PROGRAM, "bandwidth"])
    if only or "ours" in parts:
        run_ours(steps, only, sizes + ([10_000_000] if full else []))
    if only:
        return
    if set(parts) - {"ours", "curves"}:
        for n in sizes:
            make_files(n, given=True)
        if full:
            make_files(10_000_000, given=False)
    if "curves" in parts:
        run_curves(steps, full)
    if "sql" in parts:
        run_sql(steps, full)
    if "others" in parts:
        run_others(steps, sizes)
    if "r" in parts:
        run_r(steps, sizes, 10_000_000 if full else None)
    steps.run("bandwidth of the memory, again", [PROGRAM, "bandwidth"])
    steps.out.close()
    subprocess.run([sys.executable, os.path.join(ROOT, "bench", "report.py")], check=True)


if __name__ == "__main__":
    main()
