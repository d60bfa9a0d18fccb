"""catalog_reads.py FOLDER URL: fills a catalog with what is rare, and writes what Rerun's own client reads of it: tables as FOLDER/<case>.arrow, the rest as JSON."""

import datetime as dt
import decimal
import json
import sys
from pathlib import Path

import numpy as np
import pyarrow as pa
import rerun as rr
import rerun.blueprint as rrb
from rerun.any_batch_value import ANY_VALUE_TYPE_REGISTRY
from rerun.catalog import CatalogClient, ContentFilter, OnDuplicateSegmentLayer

FOLDER = Path(sys.argv[1])
CLIENT = CatalogClient(sys.argv[2])
results = {}


def recording(name, segment, log):
    rec = rr.RecordingStream("reads", recording_id=segment, send_properties=False)
    path = FOLDER / f"{name}.rrd"
    rec.save(path)
    log(rec)
    rec.flush()
    rec.disconnect()
    return path.as_uri()


def at(rec, **times):
    rec.reset_time()
    for name, (kind, value) in times.items():
        rec.set_time(name.replace("__", " ").replace("_c_", ":"), **{kind: value})


def frame(rec, number):
    at(rec, frame=("sequence", number))


def fill_layers():
    ds = CLIENT.create_dataset("layers")

    def base(rec):
        rec.send_property("info", rr.AnyValues(which="base", only_base=1))
        rec.log("same", rr.TextDocument("base"), static=True)
        for i in range(4):
            frame(rec, i)
            rec.log("same", rr.Scalars(float(i)))
            rec.log("a", rr.Points3D([[i, 0, 0]] * i))

    def over(rec):
        rec.send_property("info", rr.AnyValues(which="over", only_over=2.5))
        rec.log("same", rr.TextDocument("over"), static=True)
        for i in [5, 3, 2]:
            at(rec, frame=("sequence", i), step=("sequence", 100 + i))
            rec.log("same", rr.Scalars(100.0 + i))
            rec.log("a", rr.Points3D.from_fields(colors=[i]))

    early = recording("early", "one", over)
    urls = [recording("base", "one", base), recording("late", "one", over), recording("two", "two", base)]
    ds.register([early], layer_name="früh/1 a").wait()
    ds.register([urls[0], urls[2]]).wait()
    ds.register([urls[1]], layer_name="late").wait()
    ds.register([early], layer_name="früh/1 a", on_duplicate=OnDuplicateSegmentLayer.REPLACE).wait()
    ds.register([recording("clears", "two", lambda rec: (frame(rec, 2), rec.log("a", rr.Clear(recursive=False))))], layer_name="clears").wait()


def fill_bare():
    CLIENT.create_dataset("void")
    ds = CLIENT.create_dataset("bare")

    def empties(rec):
        frame(rec, 1)
        rec.log("e", rr.Points3D([]))
        rec.log("f", rr.Points3D([[1, 2, 3]], labels=[]))

    urls = [
        recording("static", "static", lambda rec: rec.log("s", rr.TextDocument("x"), static=True)),
        recording("properties", "properties", lambda rec: rec.send_property("p", rr.AnyValues(x=1))),
        recording("nothing", "nothing", lambda rec: None),
        recording("empties", "empties", empties),
        recording("untimed", "untimed", lambda rec: rec.send_columns("u", [rr.TimeColumn("other", sequence=[3, 1])], rr.Scalars.columns(scalars=[1.0, 2.0]))),
    ]
    ds.register(urls).wait()


PATHS = ["a\\ b/c", "ü/日本", "x\\!y/z", "1/2", "with.dot/and-dash", "d\\:e/f\\:g", "__hidden/x", "plain"]


def fill_paths():
    ds = CLIENT.create_dataset("paths")

    def log(rec):
        for i, path in enumerate([*PATHS, ["of parts", "a/b", "c:d"]]):
            at(rec, frame=("sequence", i), log__time_c_x=("sequence", i), ü=("duration", i), at=("timestamp", i))
            rec.log(path, rr.Scalars(float(i)), rr.AnyValues(**{"with space": i, "ü:é": str(i)}))

    ds.register([recording("paths", "seg/ä &?#", log), recording("paths2", "日本", log)]).wait()


PROPERTIES = {
    "bool": pa.array([True, False]),
    **{str(t): pa.array([1, 2], t) for t in [pa.int8(), pa.int16(), pa.int32(), pa.int64(), pa.uint8(), pa.uint16(), pa.uint32(), pa.uint64()]},
    "big": pa.array([2**64 - 1], pa.uint64()),
    "float16": pa.array(np.array([1.5, -0.0], np.float16)),
    "float32": pa.array([0.1], pa.float32()),
    "float64": pa.array([float("nan"), float("inf"), -0.0]),
    "text": pa.array(["ä", "", None]),
    "bytes": pa.array([b"\x00\xff", b""]),
    "list": pa.array([[1, None], None, []], pa.list_(pa.int32())),
    "fixed list": pa.array([[1, 2], [3, 4]], pa.list_(pa.float32(), 2)),
    "struct": pa.array([{"a": 1, "b": "x"}, None], pa.struct([("a", pa.int64()), ("b", pa.string())])),
    "structs": pa.array([[{"a": [1.0]}]], pa.list_(pa.struct([("a", pa.list_(pa.float64()))]))),
    "fixed bytes": pa.array([b"abc", b"xyz"], pa.binary(3)),
    "none": pa.array([], pa.int8()),
    "date": pa.array([dt.date(2020, 1, 2)]),
    "timestamp": pa.array([1], pa.timestamp("us", "UTC")),
    "duration": pa.array([5], pa.duration("ms")),
    "decimal": pa.array([decimal.Decimal("1.25")], pa.decimal128(10, 2)),
    "large": pa.array(["x"], pa.large_string()),
    "view": pa.array(["a text above twelve bytes", "b"], pa.string_view()),
    "dictionary": pa.array(["a", "b", "a"]).dictionary_encode(),
    "null": pa.nulls(2),
}


def fill_properties():
    ds = CLIENT.create_dataset("properties")

    def log(number):
        def run(rec):
            for name, values in PROPERTIES.items():
                if number == 0 or len(name) % 2:
                    rec.send_property(name, rr.AnyValues(**{f"v-{name}.x": values}))
            rec.send_property("deep/er/é", rr.AnyValues(x=number))
            rec.send_recording_name(f"run {number}")
            rec.send_recording_start_time_nanos(1_700_000_000_123_456_789)
            rec.send_property("points", rr.Points3D([[1, 2, 3]] * number, colors=[0xFF0000FF]))
            frame(rec, number)
            rec.log("x", rr.Scalars(1.0))
        return run

    ds.register([recording(f"properties{i}", f"run{i}", log(i)) for i in range(3)]).wait()


def fill_disagreeing():
    """Segments that have one name for what is not the same: which are taken, and what is said of the others."""
    ds = CLIENT.create_dataset("disagreeing")
    texts = {}

    def log(kind, value, prop, scalar):
        def run(rec):
            rec.send_property("info", rr.AnyValues(n=prop))
            at(rec, t=(kind, value))
            rec.log("x", rr.AnyValues(v=scalar))
        return run

    for name, args in {  # AnyValues would keep the type of the first
        "first": ("sequence", 1, 1, 1),
        "timeline": ("duration", 1.0, 2, 1),
        "property": ("sequence", 1, "text", 1),
        "component": ("sequence", 1, 1, "text"),
        "fine": ("sequence", 7, 4, 2),
    }.items():
        ANY_VALUE_TYPE_REGISTRY._entries.clear()
        try:
            ds.register([recording(f"dis-{name}", name, log(*args))]).wait()
            texts[name] = None
        except Exception as error:
            texts[name] = str(error)
    results["disagreeing.refused"] = {"value": [name for name, text in texts.items() if text is not None]}


def fill_metadata():
    ds = CLIENT.create_dataset("described")
    url = recording("described", "s", lambda rec: (frame(rec, 1), rec.log("x", rr.Scalars(1.0))))
    ds.register([url]).wait()
    path = FOLDER / "layout.rbl"
    for number in range(2):
        path = FOLDER / f"layout{number}.rbl"
        rrb.Blueprint(rrb.Spatial3DView(origin="/")).save("reads", str(path))
        ds.register_blueprint(path.as_uri(), set_default=number == 0)
    ds.register_blueprint(path.as_uri(), segment_table=True)
    for name in ["map", "lidar", "other"]:
        url = recording(name, name, lambda rec: rec.log(name, rr.TextDocument("asset"), static=True))
        mode = {"map": "opt_out", "lidar": "opt_in", "other": "opt_out"}[name]
        ds.register_asset(url, mode=mode, segments=["s"] if name != "other" else None)
    ds.unregister_asset("other")
    table = CLIENT.create_table("described_table", pa.schema([("a", pa.int64())]))
    table.register_blueprint((FOLDER / "layout0.rbl").as_uri())
    CLIENT.create_dataset("name.with-dots: and [brackets]")


COLUMNS = {
    **{str(t): ([1, None, 2], t) for t in [pa.int8(), pa.int16(), pa.int32(), pa.int64(), pa.uint8(), pa.uint16(), pa.uint32(), pa.uint64()]},
    "extremes": ([2**63 - 1, -(2**63), None], pa.int64()),
    "unsigned extremes": ([2**64 - 1, 0, None], pa.uint64()),
    "float16": (np.array([1.5, 65504, -0.0], np.float16), pa.float16()),
    "float32": ([0.1, None, float("inf")], pa.float32()),
    "float64": ([float("nan"), None, -0.0], pa.float64()),
    "bool": ([True, None, False], pa.bool_()),
    "text": (["ä", None, ""], pa.string()),
    "large text": (["ä", None, "x" * 100_000], pa.large_string()),
    "text view": (["short", None, "a text that is longer than twelve bytes"], pa.string_view()),
    "bytes": ([b"\x00", None, b""], pa.binary()),
    "large bytes": ([b"\x00" * 100_000, None, b""], pa.large_binary()),
    "bytes view": ([b"ab", None, b"bytes that are more than twelve"], pa.binary_view()),
    "fixed bytes": ([b"abc", None, b"xyz"], pa.binary(3)),
    "date32": ([dt.date(2020, 1, 2), None, dt.date(1960, 1, 1)], pa.date32()),
    "date64": ([dt.date(2020, 1, 2), None, dt.date(1960, 1, 1)], pa.date64()),
    **{f"timestamp {unit} {zone}": ([-1, None, 1_700_000_000], pa.timestamp(unit, zone)) for unit in ["s", "ms", "us", "ns"] for zone in [None, "UTC"]},
    **{f"time32 {unit}": ([1, None, 2], pa.time32(unit)) for unit in ["s", "ms"]},
    **{f"time64 {unit}": ([1, None, 2], pa.time64(unit)) for unit in ["us", "ns"]},
    **{f"duration {unit}": ([-1, None, 2], pa.duration(unit)) for unit in ["s", "ms", "us", "ns"]},
    "interval": ([(1, 2, 3), None, (0, 0, 0)], pa.month_day_nano_interval()),
    "decimal128": ([decimal.Decimal("-1.25"), None, decimal.Decimal("99999999.99")], pa.decimal128(10, 2)),
    "decimal256": ([decimal.Decimal("-1.25"), None, decimal.Decimal(10) ** 50], pa.decimal256(70, 2)),
    "list": ([[1, None], None, []], pa.list_(pa.int32())),
    "list of lists": ([[[1], []], None, [None]], pa.list_(pa.list_(pa.int32()))),
    "large list": ([[1, None], None, []], pa.large_list(pa.int32())),
    "list view": ([[1, None], None, []], pa.list_view(pa.int32())),
    "fixed list": ([[1, 2], None, [3, None]], pa.list_(pa.float32(), 2)),
    "fixed list of lists": ([[[1], []], None, [None, [2]]], pa.list_(pa.list_(pa.int8()), 2)),
    "struct": ([{"a": 1, "b": ["x"]}, None, {"a": None, "b": None}], pa.struct([("a", pa.int64()), ("b", pa.list_(pa.string()))])),
    "list of structs": ([[{"a": 1}, None], None, []], pa.list_(pa.struct([("a", pa.float32())]))),
    "map": ([[("k", 1)], None, []], pa.map_(pa.string(), pa.int32())),
    "dictionary": (["a", None, "a"], pa.dictionary(pa.int32(), pa.string())),
    "dictionary of numbers": ([5, None, 5], pa.dictionary(pa.int8(), pa.int64())),
    "null": ([None, None, None], pa.null()),
    "empty struct": ([{}, None, {}], pa.struct([])),
    "required": ([1, 2, 3], pa.int64()),
}


def array_of(values, type):
    if pa.types.is_temporal(type) and not pa.types.is_date(type) and not pa.types.is_interval(type):
        return pa.array(values, pa.int32() if pa.types.is_time32(type) else pa.int64()).cast(type)
    return pa.array(values, type)


def fill_tables():
    """A table for each type; those that Rerun's server or client does not take are left out."""
    for number, (name, (values, type)) in enumerate(COLUMNS.items()):
        try:
            field = pa.field("v/é", type, nullable=name != "required", metadata={"note": "ü"})
            schema = pa.schema([pa.field("id", pa.int64()), field], metadata={"kind": "test"})
            table = CLIENT.create_table(f"type_{number}", schema)
            batch = pa.record_batch([pa.array([1, 2, 3], pa.int64()), array_of(values, type)], schema=schema)
            table.append(batch)
            table.append(batch.slice(1, 1))
        except Exception:  # not taken by Rerun's server
            if f"type_{number}" in CLIENT.table_names():
                CLIENT.get_table(f"type_{number}").delete()
            continue
        save_table(f"table.type_{number}", lambda: table.reader().to_arrow_table())
        save_table(f"reader.type_{number}", lambda: table.to_arrow_reader().read_all())
        save_table(f"schema.type_{number}", lambda: table.arrow_schema().empty_table())
    CLIENT.create_table("empty", pa.schema([("a", pa.int64())]))
    wide = CLIENT.create_table("wide", pa.schema([(f"c{i}", pa.float64()) for i in range(300)]))
    wide.append(pa.record_batch({f"c{i}": [float(i), None] for i in range(300)}))
    for name in ["empty", "wide"]:
        save_table(f"table.{name}", lambda: CLIENT.get_table(name).reader().to_arrow_table())


def save_table(case, read):
    try:
        table = read()
        with pa.ipc.new_stream(FOLDER / f"{case.replace('/', '-')}.arrow", table.schema) as writer:
            writer.write_table(table)
        results[case] = {"rows": table.num_rows}
    except Exception as error:
        results[case] = {"error": f"{type(error).__name__}: {error}"}


def save(case, read):
    try:
        results[case] = {"value": read()}
    except Exception as error:
        results[case] = {"error": f"{type(error).__name__}: {error}"}


def describe_info(info):
    return {
        "datasetName": info.dataset_name,
        "numSegments": info.num_segments,
        "sizeBytes": info.size_bytes,
        "layers": sorted([layer.name, layer.num_segments] for layer in info.layers),
        "timelines": sorted([t.name, t.kind, t.num_segments, *(None if v is None else str(v.astype("int64")) for v in (t.min, t.max))] for t in info.timelines),
        "numEntities": info.num_entities,
        "numComponentColumns": info.num_component_columns,
        "propertyColumns": sorted(info.property_columns),
    }


def describe_schema(schema):
    return {
        "indexes": sorted(column.name for column in schema.index_columns()),
        "columns": sorted([c.name, c.entity_path, c.component, c.component_type, c.archetype, c.is_static, c.is_property] for c in schema.component_columns()),
        "archetypes": sorted(schema.archetypes(include_properties=True)),
        "types": sorted(schema.component_types(include_properties=True)),
        "paths": sorted(schema.entity_paths()),
        "all paths": sorted(schema.entity_paths(include_properties=True)),
        "names": sorted(schema.column_names()),
    }


def read_dataset(name):
    ds = CLIENT.get_dataset(name)
    save(f"{name}.ids", lambda: sorted(ds.segment_ids()))
    save(f"{name}.info", lambda: describe_info(ds.info()))
    save(f"{name}.described", lambda: describe_schema(ds.schema()))
    save_table(f"{name}.schema", lambda: ds.schema().to_arrow().empty_table())
    save_table(f"{name}.segments", lambda: ds.segment_table().to_arrow_table())
    save_table(f"{name}.manifest", lambda: ds.manifest().to_arrow_table())
    save_table(f"{name}.diagnostics", lambda: ds.manifest(True).to_arrow_table())
    save_table(f"{name}.ranges", lambda: ds.get_index_ranges().to_arrow_table())
    for segment in sorted(ds.segment_ids()):
        save(f"{name}.layers of {segment}", lambda: sorted(ds.segment(segment).layers()))
        save(f"{name}.schema of {segment}", lambda: describe_schema(ds.segment(segment).schema()))
        save(f"{name}.schema with assets of {segment}", lambda: describe_schema(ds.segment(segment).schema(include_assets=True)))
        save(f"{name}.url of {segment}", lambda: ds.segment(segment).url)
        save(f"{name}.assets of {segment}", lambda: sorted(ds.assets_for_segment(segment)))
        save(f"{name}.chunks of {segment}", lambda: sorted([str(c.entity_path), c.num_rows] for c in ds.segment_store(segment).stream().to_chunks()))
    save(f"{name}.assets", lambda: sorted(ds.assets()))
    save(f"{name}.blueprints", lambda: [len(ds.blueprints()), ds.default_blueprint() in ds.blueprints(), ds.default_segment_table_blueprint() in ds.blueprints()])
    for index in [None, *sorted(c.name for c in ds.schema().index_columns())]:
        for fill in [False, True]:
            save_table(f"{name}.by {index} {fill}", lambda: ds.reader(index=index, fill_latest_at=fill).to_arrow_table())
        save_table(f"{name}.all of {index}", lambda: ds.filter_contents(["/**", "/__properties/**"]).reader(index=index, include_semantically_empty_columns=True, include_tombstone_columns=True).to_arrow_table())


def read_views():
    """Selections of selections."""
    layers, paths = CLIENT.get_dataset("layers"), CLIENT.get_dataset("paths")
    ids = layers.segment_table().select("rerun_segment_id")
    views = {
        "one": layers.filter_segments("one"),
        "list twice": layers.filter_segments(["two", "two", "one", "none"]),
        "none": layers.filter_segments([]),
        "frame": layers.filter_segments(ids),
        "frame of one": layers.filter_segments(layers.segment_table().filter('"rerun_segment_id" = \'two\'')),
        "both": layers.filter_segments(["one", "two"]).filter_segments(["two", "none"]),
        "apart": layers.filter_segments("one").filter_segments("two"),
        "contents": layers.filter_contents("/a"),
        "contents twice": layers.filter_contents("/a").filter_contents("/same"),
        "narrower": layers.filter_contents("/**").filter_contents("/a"),
        "nothing": layers.filter_contents(ContentFilter.nothing()),
        "no rules": layers.filter_contents([]),
        "everything": layers.filter_contents(ContentFilter.everything()),
        "all but": layers.filter_contents(ContentFilter.everything().exclude("/a")),
        "properties": layers.filter_contents(ContentFilter.nothing().include_properties()),
        "with properties": layers.filter_contents(ContentFilter.everything().include_properties()),
        "subtree": layers.filter_contents(ContentFilter.nothing().include("/", subtree=True).exclude("/same", subtree=True)),
        "segments and contents": layers.filter_segments("two").filter_contents("/a"),
        "contents and segments": layers.filter_contents("/a").filter_segments("two"),
        "other": layers.filter_contents("/none/**"),
        "exclusion": layers.filter_contents("-/a"),
    }
    for i, path in enumerate([*PATHS, "a\\ b/c", "of\\ parts/**", "of\\ parts/a\\/b/c\\:d", "ü/**", "/a b/**", "/__hidden/**", "日本"]):
        views[f"path {i}"] = paths.filter_contents(path)
    for name, view in views.items():
        save(f"view {name}.ids", lambda: sorted(view.segment_ids()))
        save(f"view {name}.described", lambda: describe_schema(view.schema()))
        save_table(f"view {name}.segments", lambda: view.segment_table().to_arrow_table())
        save_table(f"view {name}.ranges", lambda: view.get_index_ranges().to_arrow_table())
        save_table(f"view {name}.by None False", lambda: view.reader(index=None).to_arrow_table())
        save_table(f"view {name}.by frame False", lambda: view.reader(index="frame").to_arrow_table())
        save_table(f"view {name}.by frame True", lambda: view.reader(index="frame", fill_latest_at=True).to_arrow_table())


def read_values():
    """Index values in all their forms."""
    layers, paths = CLIENT.get_dataset("layers"), CLIENT.get_dataset("paths")
    array = np.array([3, 0, 2, 77], np.int64)
    frame = CLIENT.ctx.from_arrow(pa.table({"rerun_segment_id": ["one", "two", "one", "none"], "frame": [1, 9, 3, 4]}))
    forms = {
        "array": array,
        "arrow": pa.array([3, 0]),
        "dict": {"one": array, "none": array},
        "dict of arrow": {"two": pa.array([2])},
        "frame": frame,
        "none": np.array([], np.int64),
        "dict of none": {"one": np.array([], np.int64)},
        "empty dict": {},
        "twice": np.array([1, 1]),
    }
    for name, values in forms.items():
        for fill in [False, True]:
            save_table(f"values {name} {fill}", lambda: layers.reader(index="frame", using_index_values=values, fill_latest_at=fill).to_arrow_table())
        save_table(f"values of two {name}", lambda: layers.filter_segments("two").reader(index="frame", using_index_values=values, fill_latest_at=True).to_arrow_table())
    save_table("values static", lambda: layers.reader(index=None, using_index_values=array).to_arrow_table())
    save_table("values duration", lambda: paths.reader(index="ü", using_index_values=np.array([1_000_000_000, 1_500_000_000], "timedelta64[ns]"), fill_latest_at=True).to_arrow_table())
    save_table("values timestamp", lambda: paths.reader(index="at", using_index_values=np.array([1_000_000_000, 1_500_000_000], "datetime64[ns]"), fill_latest_at=True).to_arrow_table())
    save_table("values timestamp ms", lambda: paths.reader(index="at", using_index_values=np.array([1_000, 1_500], "datetime64[ms]"), fill_latest_at=True).to_arrow_table())


def read_joins():
    layers = CLIENT.get_dataset("layers")
    meta = CLIENT.create_table("meta", pa.schema([("rerun_segment_id", pa.string()), ("key", pa.string()), ("rerun_num_chunks", pa.int64())]))
    meta.append(pa.record_batch({"rerun_segment_id": ["one", "one", "none"], "key": ["a", "b", None], "rerun_num_chunks": [1, 2, 3]}))
    save_table("join table", lambda: layers.segment_table(join_meta=meta).to_arrow_table())
    save_table("join frame", lambda: layers.segment_table(join_meta=meta.reader().select("rerun_segment_id", "key")).to_arrow_table())
    save_table("join missing", lambda: layers.segment_table(join_meta=meta, join_key="nope").to_arrow_table())
    save_table("join own key", lambda: layers.segment_table(join_meta=meta, join_key="key").to_arrow_table())
    save_table("join void", lambda: CLIENT.get_dataset("void").segment_table(join_meta=meta).to_arrow_table())


def read_rest():
    ds = CLIENT.get_dataset("described")
    save("kinds", lambda: sorted([e.name, str(e.kind).split(".")[1].lower()] for e in CLIENT.entries()))
    save("hidden", lambda: sorted([str(e.kind).split(".")[1].lower() for e in CLIENT.entries(include_hidden=True)]))
    save("hidden names", lambda: [sum(n.startswith(p) for n in CLIENT.entry_names(include_hidden=True)) for p in ["__bp_", "__as_", "__entries"]])
    save("names", lambda: [sorted(CLIENT.entry_names()), sorted(CLIENT.dataset_names()), sorted(CLIENT.table_names())])
    save("hidden dataset kinds", lambda: [str(each.kind).split(".")[1].lower() for each in [ds.blueprint_dataset(), ds.asset_dataset()]])
    save("table blueprints", lambda: [len(CLIENT.get_table("described_table").blueprints()), CLIENT.get_table("described_table").default_blueprint() in CLIENT.get_table("described_table").blueprints()])
    save("dotted", lambda: CLIENT.get_dataset("name.with-dots: and [brackets]").name)
    save("url timestamp", lambda: ds.segment_url("s", timeline="at", start=dt.datetime(2024, 1, 2, 3, 4, 5, 678000, tzinfo=dt.timezone.utc), end=dt.datetime(2024, 1, 2, tzinfo=dt.timezone.utc)))
    save("url duration", lambda: ds.segment_url("s", timeline="ü x", start=dt.timedelta(seconds=1.5), end=dt.timedelta(seconds=-2)))
    save("url sequence", lambda: ds.segment_url("a/b?c#d&e%f+g h日", timeline="a@b&c", start=-5, end=2**60))
    save("layer ids", lambda: [sorted(CLIENT.get_dataset("layers").layer(n).segment_ids()) for n in ["base", "früh/1 a"]])
    save_table("entries", lambda: CLIENT.get_table("__entries").reader().to_arrow_table())
    errors = {
        "dataset named as a table": lambda: CLIENT.get_dataset("meta"),
        "table named as a dataset": lambda: CLIENT.get_table("layers"),
        "dataset of a table's id": lambda: CLIENT.get_dataset(id=CLIENT.get_table("meta").id),
        "dataset of no id": lambda: CLIENT.get_dataset(id="zz"),
        "dataset of unknown id": lambda: CLIENT.get_dataset(id="0" * 32),
        "no dataset": lambda: CLIENT.get_dataset(),
        "segment": lambda: ds.segment("nope"),
        "layer": lambda: ds.layer("nope"),
        "index": lambda: ds.reader(index="nope").to_arrow_table(),
        "store": lambda: ds.segment_store("nope"),
        "assets of nothing": lambda: ds.assets_for_segment("nope"),
        "rule": lambda: ContentFilter.everything().include("a"),
        "contents": lambda: ds.filter_contents("/a/**/b").reader(index="frame").to_arrow_table(),
        "contents 2": lambda: ds.filter_contents("++ /a").reader(index="frame").to_arrow_table(),
        "selector": lambda: ds.schema().column_for_selector("/x:Scalars:nope"),
        "bad selector": lambda: ds.schema().column_for_selector("nope"),
        "selector of a frame": lambda: ds.schema().column_for_selector("frame"),
        "column": lambda: ds.schema().column_for("/x", "nope"),
        "sql": lambda: CLIENT.ctx.sql("select nope from meta").to_arrow_table(),
        "append": lambda: CLIENT.get_table("meta").append(nope=[1]),
        "append lengths": lambda: CLIENT.get_table("meta").append(key=["a"], rerun_num_chunks=[1, 2]),
        "append types": lambda: CLIENT.get_table("meta").append(rerun_num_chunks=["text"]),
        "create table": lambda: CLIENT.create_table("meta", pa.schema([("a", pa.int64())])),
        "create bad": lambda: CLIENT.create_dataset("a/b"),
        "maintenance": lambda: ds.do_maintenance(),
        "global maintenance": lambda: CLIENT.do_global_maintenance(),
    }
    for name, run in errors.items():
        save(f"error {name}", lambda: (run(), None)[1])


fill_layers()
fill_bare()
fill_paths()
fill_properties()
fill_disagreeing()
fill_metadata()
fill_tables()
for dataset in ["layers", "void", "bare", "paths", "properties", "disagreeing", "described"]:
    read_dataset(dataset)
read_views()
read_values()
read_joins()
read_rest()
(FOLDER / "results.json").write_text(json.dumps(results))
