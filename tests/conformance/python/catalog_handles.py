"""Every property and method of the catalog's handles that catalog_operations.py has no step of its own for."""

import datetime
from collections.abc import Callable
from pathlib import Path

import rerun as rr
from catalog_results import scrub, store_of
from rerun.catalog import CatalogClient, ContentFilter, OnDuplicateSegmentLayer


def use_handles(do: Callable[[str, Callable[[], object]], object], client: CatalogClient, folder: Path) -> None:
    """@param folder of the recordings that catalog_operations.py makes"""
    def uri(name: str) -> str:
        return (folder / name).as_uri()

    ds = client.create_dataset("handles")
    ds.register([uri("seg1.rrd"), uri("seg2.rrd")]).wait()
    info = client.version_info()
    do("version", lambda: [info.version != "", info.cloud_provider, info.cloud_region])
    do("client url", lambda: scrub(client.url))
    do("benchmark rtt", lambda: client.benchmark(num_bytes=1000, num_pings=2).rtt.total_seconds() > 0)
    do("name and id", lambda: client.get_dataset("handles", id=ds.id))
    do("neither name nor id", lambda: client.get_dataset())
    do("datasets", lambda: [sorted(each.name for each in client.datasets() if each.name == "handles"), sum(str(each.kind) != "EntryKind.DATASET" for each in client.datasets())])
    do("hidden datasets", lambda: sorted({str(each.kind) for each in client.datasets(include_hidden=True)}))
    do("hidden tables", lambda: [name for name in client.table_names(include_hidden=True) if name.startswith("__")])
    do("table by id of a dataset", lambda: client.get_table(id=ds.id))
    do("dataset by id of a table", lambda: client.get_dataset(id=client.get_table("__entries").id))
    before = ds.updated_at
    do("updated by a rename", lambda: [ds.set_name("handles2"), client.get_dataset("handles2").updated_at > before, client.get_dataset("handles2").created_at == ds.created_at])
    do("catalog of an entry", lambda: ds.catalog.url == client.url)
    do("manifest url", lambda: scrub(ds.manifest_url))
    do("arrow_schema", lambda: ds.arrow_schema())
    do("manifest", lambda: ds.manifest(include_diagnostic_data=True).to_arrow_table().column_names)
    start = datetime.datetime(2024, 1, 2, 3, 4, 5, 678901, tzinfo=datetime.timezone.utc)
    do("segment urls", lambda: [
        ds.segment_url("seg1"), ds.segment_url("a b/ä"), ds.segment_url("seg1", timeline="frame", start=3),
        ds.segment_url("seg1", timeline="stamp", start=start), ds.segment_url("seg1", timeline="stamp", start=start, end=start + datetime.timedelta(seconds=2)),
        ds.segment_url("seg1", timeline="elapsed", start=datetime.timedelta(seconds=1.5), end=datetime.timedelta(minutes=2)),
    ])
    do("segment url without a timeline", lambda: ds.segment_url("seg1", start=3))
    segment = ds.segment("seg1")
    do("segment handle", lambda: [segment.id, segment.dataset.name, scrub(segment.url)])
    do("layer handle", lambda: [ds.layer("base").name, ds.layer("base").dataset.name])
    do("store without assets", lambda: store_of(ds.segment_store("seg1", include_assets=False)))
    selection = ds.filter_segments(["seg1", "seg2"]).filter_contents(["/**"]).filter_segments("seg2")
    do("selection handle", lambda: [selection.dataset.name, sorted(selection.segment_ids()), selection.arrow_schema()])
    do("selection segment table", lambda: selection.segment_table().to_arrow_table())
    do("selection reader", lambda: selection.reader(index="frame", fill_latest_at=True).to_arrow_table())
    do("selection reader static", lambda: selection.reader(index=None).to_arrow_table())
    everything = ContentFilter.everything()
    for name, contents in {
        "nothing": ContentFilter.nothing(),
        "include": ContentFilter.nothing().include("/points"),
        "include subtree": ContentFilter.nothing().include("/deep", subtree=True),
        "exclude": everything.exclude("/points"),
        "exclude subtree": everything.exclude("/deep", subtree=True),
        "properties": ContentFilter.nothing().include_properties(),
    }.items():
        do(f"contents {name}", lambda: [contents.to_exprs(), sorted(ds.filter_contents(contents).schema().column_names())])
    columns = ds.schema()
    do("schema indexes", lambda: sorted((each.name, each.is_static) for each in columns.index_columns()))
    do("schema components", lambda: sorted(
        (each.name, each.entity_path, each.component, each.component_type, each.archetype, each.is_static, each.is_property)
        for each in columns.component_columns()
    ))
    do("schema names", lambda: [
        sorted(columns.archetypes(include_properties=True)), sorted(columns.component_types()),
        sorted(columns.component_types(include_properties=True)), sorted(columns.entity_paths(include_properties=True)),
        sorted(columns.column_names_for(entity_path="/points")), sorted(columns.column_names_for(archetype=rr.Points3D)),
        sorted(each.name for each in columns.columns_for(component_type="rerun.components.Scalar")),
        columns.column_for("/points", "Points3D:positions").name, columns.column_for("/none", "x"),
        columns.column_for_selector("/deep/scalar:Scalars:scalars").name,
    ])
    do("schema selector that fits nothing", lambda: columns.column_for_selector("/none:x"))

    do("register: results", lambda: sorted((each.uri.rsplit("/", 1)[1], each.segment_id, each.is_success, each.error) for each in ds.register([uri("layer.rrd")], layer_name="a name of ours/ü").iter_results(timeout_secs=30)))
    do("register: layers by source", lambda: sorted(ds.register([uri("seg1.rrd"), uri("seg2.rrd")], layer_name=["one", "two"]).wait(timeout_secs=30).segment_ids))
    do("register: too few layers", lambda: ds.register([uri("seg1.rrd"), uri("seg2.rrd")], layer_name=["one"]))
    do("register: layer names", lambda: ds.segment_table().select("rerun_segment_id", "rerun_layer_names").to_arrow_table())
    do("register prefix: on_duplicate", lambda: [
        ds.register_prefix((folder / "prefix").as_uri()).wait().segment_ids,
        ds.register_prefix((folder / "prefix").as_uri(), on_duplicate=OnDuplicateSegmentLayer.SKIP).wait().segment_ids,
    ])
    do("register prefix: again", lambda: ds.register_prefix((folder / "prefix").as_uri()).wait().segment_ids)
    do("unregister by force", lambda: [ds.unregister(segments_to_drop=["seg3", "none"], layers_to_drop=[], force=True).wait(timeout_secs=30), sorted(ds.segment_ids())])
    do("unregister a layer", lambda: [ds.unregister(segments_to_drop=[], layers_to_drop=["one", "two"]).wait(), ds.segment("seg1").layers()])
    do("unregister, cancelled", lambda: ds.unregister(segments_to_drop="none", layers_to_drop=[]).cancel())
    do("temporal properties", lambda: [ds.register([uri("late.rrd")]).wait().segment_ids, sorted(ds.segment_table().to_arrow_table().column_names)])

    do("blueprint, not default", lambda: [ds.register_blueprint(uri("blueprint.rbl"), set_default=False), ds.default_blueprint(), len(ds.blueprints())])
    do("default that is not there", lambda: [ds.set_default_blueprint("none"), client.get_dataset("handles2").default_blueprint()])
    do("asset of nothing", lambda: ds.register_asset(uri("asset1.rrd"), mode="opt_in"))
    do("asset for nobody", lambda: ds.assets_for_segment("seg1"))
    do("segments of an asset that is not there", lambda: ds.add_segments_to_asset("none", ["seg1"]))
    do("assets are in no reader", lambda: [sorted(ds.schema().entity_paths()), sorted(ds.reader(index="frame").schema().names)])
    do("unregister an asset that is not there", lambda: ds.unregister_asset("none"))
    operation = ds._write_segments(folder / "seg2.rrd", layer_name="written")
    do("write operation", lambda: [operation.wait(timeout_secs=30).segment_ids, str(operation.status())])
    ds.delete()
