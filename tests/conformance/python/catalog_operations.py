"""Does the same with several redap servers through Rerun's own client, and prints what each gave as one JSON document.

usage: catalog_operations.py FOLDER NAME=URL NAME=URL

The recordings and folders below FOLDER are made here. Times, ids and addresses that differ from run to run are replaced.
"""

import json
import os
import sys
import traceback
from datetime import timedelta
from pathlib import Path

import numpy as np
import pyarrow as pa
import rerun as rr
import rerun.blueprint as rrb
from catalog_handles import use_handles
from catalog_results import plain, scrub, store_of
from rerun.catalog import CatalogClient, ContentFilter, OnDuplicateSegmentLayer

FOLDER = Path(sys.argv[1])
FOLDER.mkdir(parents=True, exist_ok=True)


def make_recordings() -> None:
    for index, segment in enumerate(["seg1", "seg2", "seg3"]):
        path = FOLDER / ("prefix" if segment == "seg3" else "") / f"{segment}.rrd"
        path.parent.mkdir(parents=True, exist_ok=True)
        rec = rr.RecordingStream("app", recording_id=segment)
        rec.save(path)
        rec.send_recording_name(f"name of {segment}")
        rec.send_property("info", rr.AnyValues(operator="bob", n=index))
        rec.log("static", rr.TextDocument("hello"), static=True)
        for frame in range(5):
            rec.set_time("frame", sequence=10 * index + frame)
            rec.set_time("stamp", timestamp=1_700_000_000 + frame)
            rec.set_time("elapsed", duration=frame)
            rec.log("points", rr.Points3D([[frame, index, 0], [1, 2, 3]]))
            if frame % 2 == 0:
                rec.log("deep/scalar", rr.Scalars(frame * 0.5))
        rec.flush()
        rec.disconnect()
    save_one("layer", "seg1", lambda rec: rec.log("extra", rr.Scalars(1.0)), frame=3)
    save_one("conflict", "bad", lambda rec: rec.log("points", rr.Scalars(1.0)), duration=3)
    save_one("asset1", "asset1", lambda rec: rec.log("mesh", rr.TextDocument("asset"), static=True))
    save_one("asset2", "asset2", lambda rec: rec.log("other", rr.TextDocument("asset"), static=True))
    save_one("temporal", "temporal", lambda rec: rec.log("mesh", rr.Scalars(1.0)), frame=1)
    save_one("nothing", "nothing", lambda rec: None)
    save_one("late", "late", lambda rec: rec.log("__properties/late", rr.AnyValues(when=1)), frame=1)
    blueprint = rrb.Blueprint(rrb.Spatial3DView(origin="/"))
    blueprint.save("app", str(FOLDER / "blueprint.rbl"))
    for name, value in [("first", 1.0), ("second", 2.0)]:
        rec = rr.RecordingStream("app", recording_id="both")
        rec.save(FOLDER / f"{name}.rrd")
        rec.send_property("info", rr.AnyValues(which=name))
        for frame in range(3):
            rec.set_time("frame", sequence=frame)
            rec.log("same", rr.Scalars(value + frame))
            rec.log(f"only/{name}", rr.Scalars(value))
        rec.flush()
        rec.disconnect()
    deep = FOLDER / "tree" / "deep"
    deep.mkdir(parents=True)
    for name, target in [("a", FOLDER / "tree"), (".hidden", FOLDER / "tree"), ("below", deep), ("upper", FOLDER / "tree")]:
        save_one(f"tree-{name}", f"tree-{name}", lambda rec: rec.log("x", rr.Scalars(1.0)), frame=1)
        (FOLDER / f"tree-{name}.rrd").rename(target / (f"{name}.RRD" if name == "upper" else f"{name}.rrd"))
    blueprint.save("app", str(FOLDER / "tree" / "blueprint.rbl"))
    (FOLDER / "garbage.rrd").write_bytes(b"garbage that is no recording at all, of some length")
    (FOLDER / "short.rrd").write_bytes(b"RRF2")
    whole = (FOLDER / "seg1.rrd").read_bytes()
    flipped = bytearray(whole)
    flipped[-200] ^= 8
    (FOLDER / "flipped.rrd").write_bytes(flipped)
    (FOLDER / "cut.rrd").write_bytes(whole[: len(whole) - 32])


def save_one(name: str, segment: str, log, frame: int | None = None, duration: float | None = None) -> None:
    rec = rr.RecordingStream("app", recording_id=segment)
    rec.save(FOLDER / f"{name}.rrd")
    if frame is not None:
        rec.set_time("frame", sequence=frame)
    if duration is not None:
        rec.set_time("frame", duration=duration)
    log(rec)
    rec.flush()
    rec.disconnect()


def uri(name: str) -> str:
    return (FOLDER / name).as_uri()


class Runner:
    def __init__(self, name: str, url: str) -> None:
        self.name = name
        self.url = url
        self.results: dict[str, object] = {}

    def do(self, name: str, run) -> object:
        """Runs a step and remembers what it gave, an error too."""
        try:
            value = run()
            self.results[name] = plain(value)
            return value
        except BaseException as error:
            self.results[name] = {"error": type(error).__name__, "text": scrub(str(error))}
            if os.environ.get("TRACE"):
                traceback.print_exc()
            return None

    def run(self) -> None:
        do = self.do
        client = CatalogClient(self.url)
        do("entries of a new server", lambda: client.entry_names(include_hidden=True))
        do("features", lambda: client.version_info().features)
        ds = client.create_dataset("ds")
        # Rerun's server looks at the clock twice: now and then a microsecond lies between.
        is_as_made = abs(ds.updated_at - ds.created_at) < timedelta(milliseconds=1)
        do("dataset", lambda: [ds.name, ds.kind, is_as_made, scrub(str(ds.id))])
        do("create again", lambda: client.create_dataset("ds"))
        do("create again, exist_ok", lambda: client.create_dataset("ds", exist_ok=True).name)
        for bad in ["", "a/b", "x" * 181]:
            do(f"create {bad[:8]!r}", lambda: client.create_dataset(bad))
        do("get missing", lambda: client.get_dataset("none"))
        do("get by id", lambda: client.get_dataset(id=ds.id).name)
        do("get missing id", lambda: client.get_dataset(id="0" * 32))
        do("empty: schema", lambda: ds.schema().to_arrow())
        do("empty: segments", lambda: ds.segment_ids())
        do("empty: segment_table", lambda: ds.segment_table().to_arrow_table())
        do("empty: reader", lambda: ds.reader(index="frame").to_arrow_table())

        do("register", lambda: ds.register([uri("seg1.rrd"), uri("seg2.rrd")]).wait().segment_ids)
        do("register again", lambda: ds.register([uri("seg1.rrd")]).wait())
        do("register again, skip", lambda: ds.register([uri("seg1.rrd")], on_duplicate=OnDuplicateSegmentLayer.SKIP).wait().segment_ids)
        do("register again, replace", lambda: ds.register([uri("seg1.rrd")], on_duplicate=OnDuplicateSegmentLayer.REPLACE).wait().segment_ids)
        do("register new and known", lambda: [
            (each.segment_id, each.is_error, each.error) for each in ds.register([uri("seg1.rrd"), uri("nothing.rrd")]).iter_results()
        ])
        do("register layer", lambda: ds.register([uri("layer.rrd")], layer_name="extra").wait().segment_ids)
        do("register twice in one", lambda: ds.register([uri("seg2.rrd"), uri("seg2.rrd")], layer_name="x").wait())
        do("register prefix", lambda: ds.register_prefix((FOLDER / "prefix").as_uri()).wait().segment_ids)
        do("register missing prefix", lambda: ds.register_prefix("file:///x/y").wait())
        do("register missing file", lambda: ds.register(["file:///x/none.rrd"]).wait())
        do("register http", lambda: ds.register(["http://x/y.rrd"]).wait())
        do("register conflict", lambda: ds.register([uri("conflict.rrd")]).wait())
        do("register nothing", lambda: ds.register([]).wait())

        do("segment_ids", lambda: sorted(ds.segment_ids()))
        do("schema", lambda: ds.schema().to_arrow())
        do("schema columns", lambda: [sorted(ds.schema().column_names()), sorted(ds.schema().entity_paths()), sorted(ds.schema().archetypes())])
        do("info", lambda: ds.info())
        do("segment_table", lambda: ds.segment_table().to_arrow_table())
        do("segment_table select", lambda: ds.segment_table().select("rerun_num_chunks", "rerun_segment_id").to_arrow_table())
        do("manifest", lambda: ds._manifest(True).to_arrow_table())
        do("index ranges", lambda: ds.get_index_ranges().to_arrow_table())
        do("filter segments", lambda: sorted(ds.filter_segments(["seg1", "none"]).segment_ids()))
        do("filter segments table", lambda: ds.filter_segments("seg2").segment_table().to_arrow_table())
        do("filter contents schema", lambda: ds.filter_contents("/points/**").schema().to_arrow())
        do("segment", lambda: [ds.segment("seg1").id, ds.segment("seg1").layers()])
        do("segment missing", lambda: ds.segment("q"))
        do("segment schema", lambda: ds.segment("seg1").schema().to_arrow())
        do("layer", lambda: sorted(ds.layer("extra").segment_ids()))
        do("layer missing", lambda: ds.layer("q"))
        do("segment url", lambda: ds.segment_url("seg1", timeline="frame", start=1, end=3))

        readers = {
            "frame": lambda: ds.reader(index="frame"),
            "stamp": lambda: ds.reader(index="stamp"),
            "elapsed": lambda: ds.reader(index="elapsed"),
            "static": lambda: ds.reader(index=None),
            "fill": lambda: ds.reader(index="frame", fill_latest_at=True),
            "empty columns": lambda: ds.reader(index="frame", include_semantically_empty_columns=True, include_tombstone_columns=True),
            "unknown index": lambda: ds.reader(index="zz"),
            "contents": lambda: ds.filter_contents(["/points/**"]).reader(index="frame"),
            "contents and segments": lambda: ds.filter_contents(["/**", "-/points"]).filter_segments(["seg2"]).reader(index="frame"),
            "nothing": lambda: ds.filter_contents("/nope/**").reader(index="frame"),
            "no segment": lambda: ds.filter_segments(["nope"]).reader(index="frame"),
            "properties": lambda: ds.filter_contents(ContentFilter.everything().include_properties()).reader(index="frame"),
            "index values": lambda: ds.reader(index="frame", using_index_values=np.array([0, 1, 3, 12, 99], dtype=np.int64), fill_latest_at=True),
            "index values by segment": lambda: ds.reader(index="frame", using_index_values={"seg1": np.array([2, 3]), "seg2": np.array([11])}),
        }
        for name, reader in readers.items():
            do(f"reader {name}", lambda: reader().to_arrow_table())
        from datafusion import col, lit

        do("reader range", lambda: ds.reader(index="frame").filter((col("frame") >= lit(2)) & (col("frame") <= lit(11))).to_arrow_table())
        do("reader range fill", lambda: ds.reader(index="frame", fill_latest_at=True).filter(col("frame") >= lit(3)).to_arrow_table())
        do("reader two ranges", lambda: ds.reader(index="frame").filter((col("frame") < lit(1)) | (col("frame") > lit(22))).to_arrow_table())
        do("reader segment filter", lambda: ds.reader(index="frame").filter(col("rerun_segment_id") == lit("seg2")).to_arrow_table())
        do("reader projection", lambda: ds.reader(index="frame").select("rerun_segment_id", "frame", "/deep/scalar:Scalars:scalars").to_arrow_table())
        do("reader count", lambda: ds.reader(index="frame").count())
        do("reader limit", lambda: ds.reader(index="frame").limit(2).to_arrow_table().num_rows)

        do("store", lambda: store_of(ds.segment_store("seg1")))
        do("store missing", lambda: store_of(ds.segment_store("nope")))

        do("register blueprint", lambda: ds.register_blueprint(uri("blueprint.rbl")))
        do("blueprints", lambda: len(ds.blueprints()))
        do("default blueprint", lambda: ds.default_blueprint() == ds.blueprints()[0])
        do("default blueprint, fresh", lambda: client.get_dataset("ds").default_blueprint() == ds.blueprints()[0])
        do("unset default", lambda: [ds.set_default_blueprint(None), ds.default_blueprint(), client.get_dataset("ds").default_blueprint()])
        do("segment table blueprint", lambda: [ds.set_default_segment_table_blueprint("x"), client.get_dataset("ds").default_segment_table_blueprint()])
        do("blueprint dataset", lambda: [ds.blueprint_dataset().kind, scrub(ds.blueprint_dataset().name)])
        do("recording as blueprint", lambda: ds.blueprint_dataset().register([uri("seg1.rrd")]).wait().segment_ids)
        do("blueprint as recording", lambda: ds.register([uri("blueprint.rbl")]).wait().segment_ids)

        do("register asset", lambda: ds.register_asset(uri("asset1.rrd")))
        do("register opt-in asset", lambda: ds.register_asset(uri("asset2.rrd"), mode="opt_in", segments=["seg2"]))
        do("register temporal asset", lambda: ds.register_asset(uri("temporal.rrd")))
        do("assets", lambda: sorted(ds.assets()))
        for segment in ["seg1", "seg2", "unknown"]:
            do(f"assets for {segment}", lambda: sorted(ds.assets_for_segment(segment)))
        do("exclude from asset", lambda: [ds.remove_segments_from_asset("asset1", ["seg1"]), sorted(ds.assets_for_segment("seg1"))])
        do("add to asset", lambda: [ds.add_segments_to_asset("asset2", ["seg1", "new"]), sorted(ds.assets_for_segment("seg1")), sorted(ds.assets_for_segment("new"))])
        do("store with assets", lambda: store_of(ds.segment_store("seg2")))
        do("segment schema with assets", lambda: ds.segment("seg2").schema(include_assets=True).to_arrow())
        do("unregister asset", lambda: [ds.unregister_asset("asset2"), sorted(ds.assets())])
        do("asset dataset", lambda: [ds.asset_dataset().kind, scrub(ds.asset_dataset().name)])

        do("delete layer", lambda: [ds.segment("seg1").delete_layer("extra").wait(), ds.segment("seg1").layers()])
        do("unregister", lambda: [ds.unregister(segments_to_drop="seg2", layers_to_drop="base").wait(), sorted(ds.segment_ids())])
        do("unregister unknown", lambda: ds.unregister(segments_to_drop="none", layers_to_drop=[]).wait())
        do("unregister nothing", lambda: ds.unregister(segments_to_drop=[], layers_to_drop=[]).wait())
        do("delete properties", lambda: ds.delete_segment_properties(["seg1"]))

        do("rename", lambda: [ds.set_name("renamed"), client.dataset_names()])
        do("rename back", lambda: [ds.set_name("ds"), client.dataset_names()])
        other = client.create_dataset("other")
        do("rename to taken", lambda: ds.set_name("other"))
        do("delete", lambda: [other.delete(), client.dataset_names()])
        do("delete again", lambda: other.delete())
        do("hidden", lambda: sorted(scrub(name) for name in client.dataset_names(include_hidden=True)))

        staged = f"z/{self.name}-{os.getpid()}.rrd"
        do("stage", lambda: client.stage(FOLDER / "seg2.rrd", key=staged).endswith(staged))
        do("stage again", lambda: client.stage(FOLDER / "seg2.rrd", key=staged))
        do("stage badly", lambda: client.stage(b"x", key="../x"))
        do("write segments", lambda: ds._write_segments(FOLDER / "seg2.rrd").wait().segment_ids)
        do("maintenance", lambda: ds.do_maintenance())
        do("global maintenance", lambda: client.do_global_maintenance())
        do("benchmark", lambda: client.benchmark(num_bytes=1_000_000, num_pings=2).bandwidth > 0)
        self.tables(client)
        self.layers(client)
        self.more(client, ds)
        use_handles(do, client, FOLDER)
        do("entries", lambda: sorted(scrub(name) for name in client.entry_names(include_hidden=True)))
        do("damaged", lambda: self.damaged(ds, "cut"))
        for name in ["garbage", "short", "flipped"]:
            do(f"damaged {name}", lambda: self.damaged(ds, name))

    def layers(self, client: CatalogClient) -> None:
        """Of two layers with the same cells the greater row id counts, of two with the same property the one registered last."""
        do = self.do
        both = client.create_dataset("both")
        do("layers: register", lambda: both.register([uri("first.rrd")]).wait().segment_ids)
        do("layers: second", lambda: both.register([uri("second.rrd")], layer_name="second").wait().segment_ids)
        do("layers: reader", lambda: both.reader(index="frame").to_arrow_table())
        do("layers: segment_table", lambda: both.segment_table().to_arrow_table())
        do("layers: manifest", lambda: both._manifest(True).to_arrow_table())
        do("layers: store", lambda: store_of(both.segment_store("both")))
        do("layers: replace the first", lambda: both.register([uri("first.rrd")], on_duplicate=OnDuplicateSegmentLayer.REPLACE).wait().segment_ids)
        do("layers: order", lambda: both.segment_table().select("rerun_layer_names", "property:info:which").to_arrow_table())
        do("layers: the same file again", lambda: both.register([uri("first.rrd")], layer_name="copy").wait().segment_ids)
        do("layers: equal chunks count twice", lambda: both.segment_table().select("rerun_num_chunks").to_arrow_table())
        do("layers: reader of equal chunks", lambda: both.reader(index="frame").to_arrow_table())
        do("layers: two in one call", lambda: both.register([uri("seg1.rrd"), uri("seg2.rrd")], layer_name=["", "other"]).wait().segment_ids)
        do("layers: names", lambda: both.segment_table().select("rerun_segment_id", "rerun_layer_names").to_arrow_table())
        tree = client.create_dataset("tree")
        do("prefix", lambda: sorted(tree.register_prefix((FOLDER / "tree").as_uri()).wait().segment_ids))
        do("prefix, part of a name", lambda: tree.register_prefix((FOLDER / "tre").as_uri()).wait())
        do("prefix, layer", lambda: sorted(tree.register_prefix((FOLDER / "tree" / "deep").as_uri(), layer_name="l").wait().segment_ids))
        cut = client.create_dataset("cut")
        do("without footer: register", lambda: cut.register([uri("cut.rrd")]).wait().segment_ids)
        do("without footer: reader", lambda: cut.reader(index="frame").to_arrow_table())
        do("without footer: fill", lambda: cut.reader(index="frame", fill_latest_at=True).to_arrow_table())
        do("without footer: store", lambda: store_of(cut.segment_store("seg1")))
        do("without footer: schema", lambda: cut.segment("seg1").schema().to_arrow())
        for dataset in [both, tree, cut]:
            dataset.delete()

    def more(self, client: CatalogClient, ds) -> None:
        do = self.do
        schema = pa.schema([pa.field("rerun_segment_id", pa.string()), pa.field("quality", pa.int64())])
        meta = client.create_table("meta", schema)
        meta.append(rerun_segment_id=["seg1", "seg3"], quality=[5, 7])
        do("join", lambda: ds.segment_table(join_meta=meta).select("rerun_segment_id", "quality").to_arrow_table())
        do("filter by dataframe", lambda: sorted(ds.filter_segments(meta.reader().select("rerun_segment_id")).segment_ids()))
        do("selection", lambda: [sorted(ds.filter_segments(["seg1"]).filter_contents("/points").schema().column_names()), ds.filter_segments(["seg1"]).get_index_ranges().to_arrow_table()])
        do("segment table blueprint by file", lambda: [ds.register_blueprint(uri("blueprint.rbl"), segment_table=True), client.get_dataset("ds").default_segment_table_blueprint() in ds.blueprints()])
        do("kinds", lambda: sorted((entry.name, str(entry.kind)) for entry in client.entries()))
        do("tables", lambda: sorted(table.name for table in client.tables(include_hidden=True)))
        do("cancel", lambda: ds.register([uri("seg2.rrd")], layer_name="cancelled").cancel())
        do("update", lambda: [ds.update(name="updated"), ds.name, client.get_dataset("updated").name])
        do("update back", lambda: ds.update(name="ds2"))
        do("write blueprint", lambda: ds._write_blueprint(FOLDER / "blueprint.rbl").wait().storage_url.endswith(".rbl"))
        do("write asset", lambda: ds._write_asset(FOLDER / "asset2.rrd").wait().segment_ids)
        meta.delete()

    def damaged(self, ds, name: str):
        return ds.register([uri(f"{name}.rrd")], layer_name=name).wait().segment_ids

    def tables(self, client: CatalogClient) -> None:
        do = self.do
        schema = pa.schema([
            pa.field("id", pa.int64(), nullable=False, metadata={"rerun:is_table_index": "true"}),
            pa.field("name", pa.string()),
            pa.field("value", pa.float64()),
            pa.field("tags", pa.list_(pa.string())),
        ])
        table = do("create table", lambda: client.create_table("table", schema))
        do("create table again", lambda: client.create_table("table", schema))
        do("table", lambda: [table.name, table.kind, table.arrow_schema()])
        do("append", lambda: table.append(id=[1, 2], name=["a", "b"], value=[0.5, None], tags=[["x"], []]))
        do("append in another order", lambda: table.append(pa.RecordBatch.from_pydict({"name": ["c"], "id": [3]})))
        do("append nothing of a column", lambda: table.append(id=[4]))
        do("read", lambda: table.reader().to_arrow_table())
        do("upsert", lambda: [table.upsert(id=[2, 9], name=["B", "new"], value=[2.5, 9.5], tags=[["y"], None]), table.reader().to_arrow_table()])
        do("extra column", lambda: table.append(id=[5], zz=[1]))
        do("wrong type", lambda: table.append(id=["x"]))
        do("overwrite", lambda: [table.overwrite(id=[7], name=["only"], value=[7.0], tags=[None]), table.reader().to_arrow_table()])
        do("to_arrow_reader", lambda: table.to_arrow_reader().read_all())
        do("sql", lambda: client.ctx.sql("select count(*) as n from \"table\"").to_arrow_table())
        do("table blueprint", lambda: [table.register_blueprint(uri("blueprint.rbl")), len(table.blueprints()), client.get_table("table").default_blueprint() == table.blueprints()[0]])
        do("unset table blueprint", lambda: [table.set_default_blueprint(None), client.get_table("table").default_blueprint()])
        do("own folder", lambda: client.create_table("own", schema, url=(FOLDER / f"tables-{self.name}").as_uri()).storage_url.startswith((FOLDER / f"tables-{self.name}").as_uri()))
        lance = FOLDER / f"tables-{self.name}"
        found = next(lance.iterdir(), None) if lance.exists() else None
        do("register table", lambda: [client.register_table("again", found.as_uri()).arrow_schema()])
        do("register missing table", lambda: client.register_table("bad", "file:///x/none"))
        do("rename table", lambda: [table.set_name("moved"), sorted(client.table_names())])
        do("system table", lambda: client.get_table("__entries").arrow_schema())
        do("entries table", lambda: sorted(scrub(name) for name in client.get_table("__entries").reader().to_arrow_table()["name"].to_pylist()))
        do("delete table", lambda: [table.delete(), sorted(client.table_names())])
        do("get missing table", lambda: client.get_table("none"))


make_recordings()
results = {}
for argument in sys.argv[2:]:
    name, url = argument.split("=", 1)
    runner = Runner(name, url)
    try:
        runner.run()
    except BaseException as error:
        runner.results["the end"] = {"error": type(error).__name__, "text": scrub(str(error)), "trace": traceback.format_exc()}
    results[name] = runner.results
json.dump(results, sys.stdout, indent=1, default=str)
