"""make FOLDER: recordings for a catalog. read FOLDER NAME=URL…: what Rerun's own client reads of catalogs, into FOLDER/NAME."""
import json
import sys
from pathlib import Path

import pyarrow as pa
import rerun as rr
import rerun.blueprint as rrb
from rerun.catalog import CatalogClient

FOLDER = Path(sys.argv[2])


def recording(name, segment, log):
    rec = rr.RecordingStream("catalog", recording_id=segment)
    rec.save(FOLDER / f"{name}.rrd")
    log(rec)
    rec.flush()
    rec.disconnect()


def make():
    FOLDER.mkdir(parents=True, exist_ok=True)

    def drive(number):
        def log(rec):
            rec.send_property("info", rr.AnyValues(operator=f"op{number}", n=number))
            rec.log("note", rr.TextDocument("hello"), static=True)
            for i in range(4):
                rec.set_time("frame", sequence=10 * number + i)
                rec.set_time("stamp", timestamp=1_700_000_000 + i)
                rec.set_time("elapsed", duration=i * 0.5)
                rec.log("points", rr.Points3D([[i, number, 0]]))
        return log

    for number in range(3):
        recording(f"drive{number}", f"drive{number}", drive(number))
    recording("labels", "drive1", lambda rec: (rec.set_time("frame", sequence=12), rec.log("label", rr.TextLog("a"))))
    for name in ["map", "lidar"]:
        recording(name, name, lambda rec: rec.log(name, rr.TextDocument("asset"), static=True))
    rrb.Blueprint(rrb.Spatial3DView(origin="/")).save("catalog", str(FOLDER / "layout.rbl"))


def table(folder, name, data):
    with pa.ipc.new_file(folder / f"{name}.arrow", data.schema) as writer:
        writer.write_table(data)


def read(name, url):
    folder = FOLDER / name
    folder.mkdir()
    client = CatalogClient(url)
    drives = client.get_dataset("drives")
    table(folder, "segments", drives.segment_table().to_arrow_table())
    table(folder, "manifest", drives.manifest().to_arrow_table())
    table(folder, "diagnostics", drives.manifest(True).to_arrow_table())
    table(folder, "ranges", drives.get_index_ranges().to_arrow_table())
    table(folder, "joined", drives.segment_table(join_meta=client.get_table("notes")).to_arrow_table())
    table(folder, "notes", client.get_table("notes").reader().to_arrow_table())
    table(folder, "replaced", client.get_table("replaced").reader().to_arrow_table())
    info = drives.info()
    segment = drives.segment("drive1")
    return {
        "names": sorted(client.entry_names()),
        "segmentIds": sorted(drives.segment_ids()),
        "id": str(drives.id),
        "kinds": [str(drives.kind), str(client.get_table("notes").kind)],
        "info": {
            "numSegments": info.num_segments,
            "sizeBytes": info.size_bytes,
            "layers": sorted([layer.name, layer.num_segments] for layer in info.layers),
            "timelines": sorted([t.name, t.kind, t.num_segments, str(t.min.astype("int64")), str(t.max.astype("int64"))] for t in info.timelines),
            "numEntities": info.num_entities,
            "numComponentColumns": info.num_component_columns,
            "propertyColumns": sorted(info.property_columns),
        },
        "layers": sorted(segment.layers()),
        "segmentColumns": sorted(segment.schema().column_names()),
        "segmentColumnsWithAssets": sorted(segment.schema(include_assets=True).column_names()),
        "layerSegments": sorted(drives.layer("labels").segment_ids()),
        "assets": sorted(drives.assets()),
        "assetsOf": {each: sorted(drives.assets_for_segment(each)) for each in ["drive0", "drive1", "drive2", "other"]},
        "blueprints": drives.blueprints(),
        "defaultBlueprint": drives.default_blueprint(),
        "urls": [
            drives.segment_url("drive1"),
            drives.segment_url("a b/ä", timeline="frame", start=1),
            drives.segment_url("drive1", timeline="frame", start=1, end=3),
        ],
        "storageUrl": client.get_table("notes").storage_url,
        "manifestUrl": drives.manifest_url,
        "sql": client.ctx.sql("select count(*) as n from notes").to_arrow_table().to_pylist()[0]["n"],
    }


if sys.argv[1] == "make":
    make()
else:
    print(json.dumps({name: read(name, url) for name, url in (each.split("=", 1) for each in sys.argv[3:])}))
