"""What operations on a catalog gave, as JSON can show it: nothing in it differs from run to run."""

import datetime
import json
import re

import numpy as np
import pyarrow as pa

TIMES = ("rerun_last_updated_at", "rerun_registration_time", "log_time", "log_tick", "created_at", "updated_at", "start_time")


def plain(value):
    """What JSON can show, and nothing that differs from run to run."""
    if isinstance(value, (pa.Table, pa.RecordBatch)):
        return table_of(value)
    if isinstance(value, pa.Schema):
        return sorted(field_of(field) for field in value)
    if isinstance(value, np.ndarray):
        return [plain(each) for each in value.tolist()]
    if isinstance(value, (datetime.datetime, datetime.timedelta, np.datetime64, np.timedelta64)):
        return str(value)
    if isinstance(value, bytes):
        return f"<{len(value)} bytes>"
    if isinstance(value, (list, tuple)):
        return [plain(each) for each in value]
    if isinstance(value, (set, frozenset)):
        return sorted((plain(each) for each in value), key=repr)
    if isinstance(value, dict):
        return {str(key): plain(each) for key, each in value.items()}
    if isinstance(value, (str, int, float, bool)) or value is None:
        return scrub(value) if isinstance(value, str) else value
    if hasattr(value, "__dataclass_fields__"):
        return {name: plain(getattr(value, name)) for name in value.__dataclass_fields__}
    return scrub(repr(value))


def field_of(field: pa.Field) -> str:
    metadata = {key.decode(): each.decode() for key, each in (field.metadata or {}).items()}
    return f"{field.name}: {field.type}{'' if field.nullable else ' NOT NULL'} {json.dumps(metadata, sort_keys=True)}"


def table_of(table):
    if isinstance(table, pa.RecordBatch):
        table = pa.Table.from_batches([table])
    names = sorted(table.column_names)
    rows = []
    for row in table.select(names).to_pylist():
        rows.append({name: "<time>" if any(part in name for part in TIMES) else plain(row[name]) for name in names})
    rows.sort(key=lambda row: json.dumps(row, sort_keys=True, default=str))
    return {"schema": plain(table.schema), "rows": rows}


def scrub(text: str) -> str:
    text = text.split("\n- metadata: ")[0]
    text = re.sub(r"[0-9A-Fa-f]{32}", "<id>", text)
    text = re.sub(r"rerun\+http://[0-9a-z.]+:\d+", "<server>", text)
    text = re.sub(r"/tmp/rerun-data-\w+-\w+|file://\S*/(?=staged/|z/)", "<data>/", text)
    text = re.sub(r"trace-id: \w+", "trace-id: <id>", text)
    text = re.sub(r"task_\w+", "<task>", text)
    text = re.sub(r"seg_[0-9a-f]+", "<seg>", text)
    return text


def store_of(store):
    """Chunks by entity, and the schema."""
    chunks = store.stream().collect().stream().to_chunks() if hasattr(store.stream(), "collect") else []
    rows = sorted((str(chunk.entity_path), chunk.num_rows, sorted(chunk.timeline_names)) for chunk in chunks)
    return [rows, store.schema().to_arrow() if hasattr(store, "schema") else None]
