"""Servers of databases for a benchmark: private, on this machine alone, gone at the end."""

import contextlib
import glob
import os
import pwd
import shutil
import socket
import subprocess
import tempfile
import time

COLUMNS = (["stratum", "psu", "fpc", "w", "income"] + [f"q{i}" for i in range(1, 21)]
           + [f"b{i}" for i in range(1, 11)])


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


def wait_for(port, process, seconds=20):
    for _ in range(int(seconds * 10)):
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
            return
        if process is not None and process.poll() is not None:
            break
        time.sleep(0.1)
    raise RuntimeError(f"no server came up on port {port}")


def loopback_bytes():
    """Everything that went over the loopback device so far."""
    for line in open("/proc/net/dev"):
        if line.strip().startswith("lo:"):
            return int(line.split()[1])
    return 0


@contextlib.contextmanager
def postgresql(csv):
    """A cluster with the file as its table `survey`; yields the engine's address."""
    found = sorted(glob.glob("/usr/lib/postgresql/*/bin/initdb"))
    if not found:
        raise RuntimeError("PostgreSQL is not installed")
    bin_folder = os.path.dirname(found[-1])
    folder = tempfile.mkdtemp(prefix="barometer-pg-")
    port = free_port()
    user = "postgres" if os.getuid() == 0 else pwd.getpwuid(os.getuid()).pw_name
    as_user = ["runuser", "-u", user, "--"] if os.getuid() == 0 else []
    if as_user:
        shutil.chown(folder, user)
    run = lambda *words: subprocess.run([*as_user, *words], check=True, capture_output=True, cwd=folder)
    server = None
    try:
        run(os.path.join(bin_folder, "initdb"), "-D", folder + "/data", "-A", "trust", "-U", "bench")
        server = subprocess.Popen([*as_user, os.path.join(bin_folder, "postgres"), "-D", folder + "/data",
                                   "-p", str(port), "-k", folder, "-c", "listen_addresses=127.0.0.1",
                                   "-c", "shared_buffers=1GB", "-c", "fsync=off"],
                                  cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        wait_for(port, server)
        types = ["double precision" if c == "w" else "integer" if c == "income" else "smallint" for c in COLUMNS]
        table = ", ".join(f"{c} {t}" for c, t in zip(COLUMNS, types))
        for sql in (f"CREATE TABLE survey ({table})", f"\\copy survey FROM '{csv}' CSV HEADER", "VACUUM ANALYZE survey"):
            for _ in range(50):
                done = subprocess.run(["psql", "-h", "127.0.0.1", "-p", str(port), "-U", "bench", "-d", "postgres",
                                       "-c", sql], capture_output=True, text=True, check=False)
                if done.returncode == 0 or "starting up" not in done.stderr:
                    break
                time.sleep(0.1)
            if done.returncode != 0:
                raise RuntimeError(done.stderr.strip())
        yield f"postgresql://bench@127.0.0.1:{port}/postgres"
    finally:
        if server is not None:
            run(os.path.join(bin_folder, "pg_ctl"), "-D", folder + "/data", "-m", "fast", "stop")
            server.wait()
        shutil.rmtree(folder, ignore_errors=True)


USERS = """<yandex><profiles><default><max_memory_usage>8000000000</max_memory_usage></default></profiles>
<users><default><password></password><networks><ip>::/0</ip></networks><profile>default</profile>
<quota>default</quota></default></users><quotas><default></default></quotas></yandex>
"""


def clickhouse_config(folder, ports, all_ports):
    shards = "".join(f"<shard><replica><host>127.0.0.1</host><port>{p['tcp']}</port></replica></shard>"
                     for p in all_ports)
    return (f"<yandex><logger><level>warning</level><log>{folder}/log</log><errorlog>{folder}/errors</errorlog></logger>"
            f"<http_port>{ports['http']}</http_port><tcp_port>{ports['tcp']}</tcp_port>"
            f"<interserver_http_port>{ports['inter']}</interserver_http_port><listen_host>127.0.0.1</listen_host>"
            f"<path>{folder}/data/</path><tmp_path>{folder}/tmp/</tmp_path><users_config>{folder}/users.xml</users_config>"
            f"<default_profile>default</default_profile><default_database>default</default_database>"
            f"<mark_cache_size>500000000</mark_cache_size><remote_servers><all>{shards}</all></remote_servers></yandex>\n")


@contextlib.contextmanager
def clickhouse(csv, shards):
    """So many servers, the rows split among them by PSU, and the table `survey` over all of them."""
    if shutil.which("clickhouse-server") is None or shutil.which("clickhouse-client") is None:
        raise RuntimeError("ClickHouse is not installed")
    top = tempfile.mkdtemp(prefix="barometer-ch-")
    all_ports = [{name: free_port() for name in ("http", "tcp", "inter")} for _ in range(shards)]
    servers = []
    try:
        for i, ports in enumerate(all_ports):
            folder = os.path.join(top, str(i))
            os.makedirs(folder)
            open(folder + "/users.xml", "w").write(USERS)
            open(folder + "/config.xml", "w").write(clickhouse_config(folder, ports, all_ports))
            servers.append(subprocess.Popen(["clickhouse-server", f"--config-file={folder}/config.xml"], cwd=folder,
                                            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL))
        for server, ports in zip(servers, all_ports):
            wait_for(ports["tcp"], server)
        ask = lambda i, sql, **more: subprocess.run(
            ["clickhouse-client", "--host", "127.0.0.1", "--port", str(all_ports[i]["tcp"]), "--query", sql],
            check=True, capture_output=True, **more)
        types = ["Float64" if c == "w" else "Int32" if c == "income" else "UInt16" if c in ("psu", "fpc") else "UInt8"
                 for c in COLUMNS]
        table = ", ".join(f"{c} {t}" for c, t in zip(COLUMNS, types))
        for i in range(shards):
            ask(i, f"CREATE TABLE part ({table}) ENGINE = MergeTree() ORDER BY (stratum, psu)")
            ask(i, f"CREATE TABLE survey ({table}) ENGINE = Distributed(all, default, part, psu)")
        with open(csv) as rows:
            next(rows)
            parts = [tempfile.TemporaryFile("w+", dir=top) for _ in range(shards)]
            for row in rows:
                parts[int(row.split(",", 2)[1]) % shards].write(row)
        for i, part in enumerate(parts):
            part.seek(0)
            ask(i, "INSERT INTO part FORMAT CSV", stdin=part)
            part.close()
        yield f"clickhouse://default@127.0.0.1:{all_ports[0]['http']}/default"
    finally:
        for server in servers:
            server.terminate()
        for server in servers:
            server.wait()
        shutil.rmtree(top, ignore_errors=True)
