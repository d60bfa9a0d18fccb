"""log_cases.py OUT_DIR : logs every case with Rerun's own SDK into OUT_DIR/<case>.rrd. The same calls stand in ../cases/*.ts."""
import logging
import sys
import tempfile

import numpy as np
import pyarrow as pa
import rerun as rr
from rerun.chunk import RrdReader

CASES = {}


def case(log):
    CASES[log.__name__] = log
    return log


@case
def points(rec):
    rec.set_time("frame", sequence=1)
    rec.log("world/points", rr.Points3D([[1, 2, 3], [4, 5, 6.5]], colors=[[255, 0, 0], [0, 255, 0, 128]], radii=[0.25, 2], labels=["a", "größe"]))
    rec.log("world/one", rr.Points3D([[0, 0, 0]], colors=0xFF00FFFF, radii=rr.components.Radius.ui_points(3), show_labels=True, class_ids=7, keypoint_ids=[1]))
    rec.log("world/floats", rr.Points3D(np.arange(30, dtype=np.float32).reshape(10, 3), colors=np.array([[1, 0.5, 0.25]], dtype=np.float32)))
    rec.log("image/points", rr.Points2D([[1, 2], [3, 4]], draw_order=3, labels="both"))
    rec.log("world/none", rr.Points3D([]))


@case
def lines(rec):
    rec.set_time("frame", sequence=-5)
    rec.log("strips", rr.LineStrips3D([[[0, 0, 0], [1, 1, 1], [2, 0, 0]], [[5, 5, 5], [6, 6, 6]]], colors=[[1, 2, 3], [4, 5, 6]], radii=0.5, labels=["x", "y"]))
    rec.log("strips2d", rr.LineStrips2D([[[0, 0], [1, 1]]]))
    rec.log("arrows", rr.Arrows3D(vectors=[[1, 0, 0], [0, 2, 0]], origins=[[0, 0, 0], [1, 1, 1]], colors=[[0, 0, 255]], radii=[0.125], labels=["right", "up"]))
    rec.log("arrows2d", rr.Arrows2D(vectors=[[1, 0]], origins=[[2, 3]]))


@case
def boxes(rec):
    rec.log("boxes/half", rr.Boxes3D(half_sizes=[[1, 2, 3]], centers=[[4, 5, 6]], colors=[[9, 8, 7]], labels="box", fill_mode="solid"))
    rec.log("boxes/sizes", rr.Boxes3D(sizes=[[2, 4, 6], [1, 1, 1]], quaternions=[rr.Quaternion(xyzw=[0, 0, 0, 1]), rr.Quaternion(xyzw=[0.5, 0.5, 0.5, 0.5])]))
    rec.log("boxes/min", rr.Boxes3D(mins=[[0, 0, 0]], sizes=[[2, 2, 2]], radii=[0.5]))
    rec.log("boxes2d", rr.Boxes2D(array=[[1, 2, 3, 4], [5, 6, 7, 8]], array_format=rr.Box2DFormat.XYWH, labels=["a", "b"], class_ids=[1, 2]))


@case
def transforms(rec):
    rec.set_time("t", duration=1.5)
    rec.log("a", rr.Transform3D(translation=[1, 2, 3]))
    rec.log("b", rr.Transform3D(translation=[1, 2, 3], mat3x3=[[1, 2, 3], [4, 5, 6], [7, 8, 9]]))
    rec.log("c", rr.Transform3D(rotation=rr.RotationAxisAngle(axis=[0, 0, 1], radians=0.5), scale=2))
    rec.log("d", rr.Transform3D(quaternion=rr.Quaternion(xyzw=[0, 0, 0, 1]), scale=[1, 2, 3], relation=rr.TransformRelation.ChildFromParent))
    rec.log("e", rr.Transform3D(child_frame="child", parent_frame="parent"), rr.TransformAxes3D(1.5))
    rec.log("cam", rr.Pinhole(focal_length=3, width=8, height=6))
    rec.log("cam2", rr.Pinhole(image_from_camera=[[3, 0, 1.5], [0, 3, 1.5], [0, 0, 1]], resolution=[3, 3], camera_xyz=rr.ViewCoordinates.RUB, image_plane_distance=2))
    rec.log("/", rr.ViewCoordinates.RIGHT_HAND_Z_UP, static=True)


@case
def images(rec):
    for i, dtype in enumerate([np.uint8, np.uint16, np.uint32, np.uint64, np.int8, np.int16, np.int32, np.int64, np.float16, np.float32, np.float64]):
        rec.set_time("frame", sequence=i)
        rec.log("gray", rr.Image(np.arange(12).reshape(3, 4).astype(dtype)))
    rec.log("rgb", rr.Image(np.arange(36, dtype=np.uint8).reshape(3, 4, 3)))
    rec.log("rgba", rr.Image(np.arange(48, dtype=np.uint8).reshape(3, 4, 4), opacity=0.5, draw_order=2))
    rec.log("bgr", rr.Image(np.arange(36, dtype=np.uint8).reshape(3, 4, 3), color_model="BGR"))
    rec.log("nv12", rr.Image(width=4, height=2, pixel_format=rr.PixelFormat.NV12, bytes=bytes(range(12))))
    rec.log("yuy2", rr.Image(width=4, height=2, pixel_format=rr.PixelFormat.YUY2, bytes=bytes(range(16))))
    rec.log("raw", rr.Image(width=2, height=2, color_model="RGB", datatype="U8", bytes=bytes(range(12))))
    rec.log("depth", rr.DepthImage(np.arange(12, dtype=np.uint16).reshape(3, 4), meter=1000, colormap="viridis", depth_range=[0, 10]))
    rec.log("depthf", rr.DepthImage(np.arange(12, dtype=np.float32).reshape(3, 4) * 0.25))
    rec.log("seg", rr.SegmentationImage(np.arange(12, dtype=np.uint8).reshape(3, 4), opacity=0.25))
    rec.log("encoded", rr.EncodedImage(contents=bytes(range(20)), media_type="image/png"))


@case
def scalars(rec):
    for i in range(5):
        rec.set_time("frame", sequence=i)
        rec.set_time("elapsed", duration=i * 0.25)
        rec.set_time("stamp", timestamp=1700000000.25 + i)
        rec.log("plot/a", rr.Scalars(i * 0.5))
        rec.log("plot/many", rr.Scalars([i, i + 1.5, -i]))
    rec.set_time("frame", sequence=9007199254740991)
    rec.disable_timeline("elapsed")
    rec.log("plot/a", rr.Scalars(7))
    rec.reset_time()
    rec.log("plot/b", rr.Scalars(8))
    rec.log("plot/a", rr.SeriesLines(colors=[[255, 0, 0]], widths=2, names="a", aggregation_policy="average"), static=True)
    rec.log("plot/many", rr.SeriesPoints(colors=[[1, 2, 3], [4, 5, 6], [7, 8, 9]], markers=["circle", "square", "cross"], marker_sizes=[1, 2, 3], names=["x", "y", "z"]), static=True)


@case
def text(rec):
    rec.set_time("frame", sequence=0)
    rec.log("log", rr.TextLog("hello", level="INFO"))
    rec.log("log", rr.TextLog("colour", level=rr.TextLogLevel.ERROR, color=[255, 128, 0]))
    rec.log("log", rr.TextLog("größe 日本 😀"))
    rec.log("doc", rr.TextDocument("# Title\n\n* one", media_type=rr.MediaType.MARKDOWN), static=True)
    rec.log("doc/plain", rr.TextDocument("plain"))


@case
def static_and_cleared(rec):
    rec.set_time("frame", sequence=3)
    rec.log("a", rr.Points3D([[1, 2, 3]]), static=True)
    rec.log("a/b", rr.Points3D([[1, 2, 3]], radii=1))
    rec.log("a/b", rr.Points3D.from_fields(colors=[[1, 2, 3]]))
    rec.log("a/b", rr.Points3D.from_fields(colors=[[1, 2, 3]], clear_unset=True))
    rec.log("a/b", rr.Points3D.cleared())
    rec.log("a/b", rr.Clear(recursive=False))
    rec.log("a", rr.Clear(recursive=True))


@case
def columns(rec):
    times = np.arange(64)
    rec.send_columns("s", indexes=[rr.TimeColumn("step", sequence=times)], columns=rr.Scalars.columns(scalars=times * 0.25))
    rec.send_columns("unsorted", indexes=[rr.TimeColumn("step", sequence=[3, 1, 2, 1]), rr.TimeColumn("a", duration=[0.5, 2, 1, 1.5])], columns=rr.Scalars.columns(scalars=[1, 2, 3, 4]))
    rec.send_columns("p", indexes=[rr.TimeColumn("stamp", timestamp=[1700000000.0, 1700000001.5])], columns=[*rr.Points3D.columns(positions=[[1, 2, 3], [4, 5, 6], [7, 8, 9]]).partition([1, 2]), *rr.Points3D.columns(radii=[0.5, 1])])
    rec.send_columns("static", indexes=[], columns=rr.Points3D.columns(positions=[[1, 2, 3], [4, 5, 6]]))
    rec.send_columns("text", indexes=[rr.TimeColumn("step", sequence=[1, 2])], columns=rr.TextLog.columns(text=["one", "two"], level=["INFO", "WARN"]))
    rec.send_columns("any", indexes=[rr.TimeColumn("step", sequence=[1, 2, 3])], columns=rr.AnyValues.columns(value=[0.5, 1.5, 2.5], name=["a", "b", "c"]))


@case
def annotation_context(rec):
    rec.log("seg", rr.AnnotationContext([(1, "red", (255, 0, 0)), (2, "green", (0, 255, 0))]), static=True)
    rec.log(
        "seg/keypoints",
        rr.AnnotationContext(
            rr.ClassDescription(
                info=rr.AnnotationInfo(id=5, label="person"),
                keypoint_annotations=[rr.AnnotationInfo(id=0, label="head"), rr.AnnotationInfo(id=1, color=(1, 2, 3))],
                keypoint_connections=[(0, 1)],
            )
        ),
        static=True,
    )


@case
def mesh(rec):
    rec.log("tri", rr.Mesh3D(vertex_positions=[[0, 0, 0], [1, 0, 0], [0, 1, 0]], vertex_normals=[[0, 0, 1]] * 3, vertex_colors=[[255, 0, 0], [0, 255, 0], [0, 0, 255]], triangle_indices=[[0, 1, 2]]))
    rec.log("textured", rr.Mesh3D(vertex_positions=[[0, 0, 0], [1, 0, 0], [0, 1, 0]], vertex_texcoords=[[0, 0], [1, 0], [0, 1]], albedo_factor=[1, 2, 3, 4], albedo_texture=np.arange(12, dtype=np.uint8).reshape(2, 2, 3)))


@case
def any_values(rec):
    rec.set_time("frame", sequence=1)
    rec.log("any", rr.AnyValues(f=1.5, s="text", b=True, i=np.int64(3), many=[1.0, 2.0], u8=np.array([1, 2], dtype=np.uint16)))
    rec.log("any", rr.Points3D([[1, 2, 3]]), rr.AnyValues(confidence=[0.25]))


@case
def paths(rec):
    rec.log("with space/x:y", rr.TextLog("escaped"))
    rec.log(["list", "of parts", "a/b"], rr.TextLog("parts"))
    rec.log("//double//slash/", rr.TextLog("slashes"))
    rec.log("ü/日本/😀", rr.TextLog("unicode"))
    rec.log("", rr.TextLog("root"))


@case
def properties(rec):
    rec.send_recording_name("a name")
    rec.send_property("user", rr.AnyValues(weight=0.5, label="x"))


@case
def dynamic(rec):
    rec.set_time("frame", sequence=1)
    components = {"confidence": [1.5, 2.5], "note": "größe", "flag": True, "bytes": b"\x01\x02\x03", "pairs": [[1.0, 2.0], [3.0]]}
    rec.log("dynamic", rr.DynamicArchetype("my.Archetype", components=components))
    rec.log("dynamic", rr.DynamicArchetype("my.Archetype", components=components).with_component_override("scalar", "rerun.components.Scalar", 4.5))
    rec.log("dynamic", rr.DynamicArchetype("other").with_component_from_data("late", np.array([1, 2], dtype=np.float32)))
    rec.log("dynamic/colors", rr.DynamicArchetype("MyColors", components={"colors": rr.components.ColorBatch([[255, 0, 0], [0, 255, 0]])}))
    rec.log("override", rr.AnyValues(a=0.5).with_component_override("b", "rerun.components.Text", "text"))
    rec.log("batch/one", [rr.AnyBatchValue("name.alone", [1.5])])
    descriptor = rr.ComponentDescriptor("mine:size", archetype="mine", component_type="mine.Size")
    rec.log("batch/full", [rr.AnyBatchValue(descriptor, np.array([1, -2], dtype=np.int16))])
    rec.log("batch/full", [rr.AnyBatchValue(descriptor, None)])
    rec.log(
        "batch/described",
        [
            rr.components.Position3DBatch([[1, 2, 3]]).described(rr.ComponentDescriptor("custom:pos", archetype="custom", component_type="rerun.components.Position3D")),
            rr.components.RadiusBatch([0.5]).described(rr.ComponentDescriptor("custom:radius", component_type="rerun.components.Radius")),
        ],
    )
    rec.log("struct", rr.AnyValues(point=[{"x": 1.5, "name": "a"}]))


@case
def dynamic_columns(rec):
    steps = [rr.TimeColumn("step", sequence=[1, 2, 3])]
    rec.send_columns("dynamic", steps, rr.DynamicArchetype.columns("my.Columns", components={"value": [0.5, 1.5, 2.5], "name": ["a", "b", "c"]}))
    rec.send_columns("lists", steps, rr.AnyValues.columns(lists=[[1.5, 2.5], [3.5], [4.5, 5.5]]))
    rec.send_columns("batch", steps, [rr.AnyBatchValue.column(rr.ComponentDescriptor("c", archetype="A"), np.array([1, 2, 3]))])
    positions = (np.arange(18, dtype=np.float32) / 2).reshape(6, 3)
    described = rr.components.Position3DBatch(positions).described(rr.ComponentDescriptor("custom:pos", component_type="rerun.components.Position3D"))
    rec.send_columns("described", steps, [described.partition([1, 2, 3]), *rr.Points3D.columns(positions=positions, radii=np.zeros(6)).partition([3, 0, 3])])


@case
def dataframes(rec):
    frames = pa.array([3, 1, 2], pa.int64())
    floats = pa.array([0.5, 1.5, 2.5])
    lists = pa.array([[1.0], [2.0, 3.0], None], pa.list_(pa.float64()))
    texts = pa.array(["x", None, "z"])
    raw = pa.record_batch([frames, floats, lists, texts], names=["frame", "/a/b:Scalars:scalars", "/c:foo", "plain"])
    rec.send_record_batch(raw, index="frame")
    rec.send_record_batch(raw, index=None, entity_path="static")
    rec.send_dataframe(pa.Table.from_batches([raw, raw]), index=["frame"], entity_path="/twice")
    scalar = {rr.RERUN_KIND: b"data", rr.SORBET_ENTITY_PATH: b"/e1", rr.SORBET_COMPONENT: b"Scalars:scalars", rr.SORBET_ARCHETYPE_NAME: b"rerun.archetypes.Scalars", rr.SORBET_COMPONENT_TYPE: b"rerun.components.Scalar"}
    index = {rr.RERUN_KIND: rr.RERUN_KIND_INDEX, rr.SORBET_INDEX_NAME: b"named"}
    fields = [pa.field("fr", frames.type, metadata=index), pa.field("x", lists.type, metadata=scalar), pa.field("/n:am:e", texts.type, metadata={rr.SORBET_COMPONENT: b"cc"}), pa.field("y", floats.type)]
    rec.send_record_batch(pa.record_batch([frames, lists, texts, floats], schema=pa.schema(fields, metadata={rr.SORBET_ENTITY_PATH: b"batch"})))


@case
def contexts(rec):
    with rec:
        rr.set_time("frame", sequence=1)
        rr.log("current", rr.TextLog("here"))
        rr.set_log_tick_enabled(True)
        rr.log("ticks", rr.Scalars(1))
        rr.set_log_time_enabled(False)
        rr.log("ticks", rr.Scalars(2))
        rr.disable_timeline("frame")
        rr.log("ticks", rr.Scalars(3))
        rr.set_log_tick_enabled(False)
        rr.set_time("elapsed", duration=np.timedelta64(-1, "ns"))
        rr.set_time("stamp", timestamp=np.datetime64(1700000000123456789, "ns"))
        rr.log("times", rr.Scalars(4))
        rr.reset_time()
        rr.log("none", rr.Scalars(5))
        rr.send_recording_start_time_nanos(1700000000000000001)
        rr.send_recording_name("the name")


@case
def loggers(rec):
    def line(handler, level, name, message):
        record = logging.LogRecord("logger", level, "file.py", 1, message, (), None)
        record.module = name
        handler.handle(record)

    logging.addLevelName(25, "NOTICE")
    with rec:
        handler = rr.LoggingHandler("logs/all")
        for level, name in [(50, "critical"), (40, "error"), (30, "warning"), (20, "info"), (10, "debug"), (25, "NOTICE")]:
            line(handler, level, "robot.arm", f"a line of {name}")
        line(rr.LoggingHandler(), 20, "main", "50 % done")


@case
def chunks(rec):
    source = rr.RecordingStream("source", send_properties=False, batcher_config=rr.ChunkBatcherConfig.DEFAULT())
    with tempfile.TemporaryDirectory() as folder:
        path = f"{folder}/source.rrd"
        source.save(path)
        source.set_time("frame", sequence=1)
        source.log("points", rr.Points3D([[1, 2, 3]], radii=0.5), static=True)
        source.send_columns("scalars", [rr.TimeColumn("frame", sequence=[1, 1, 1]), rr.TimeColumn("log_time", timestamp=[0, 0, 0])], rr.Scalars.columns(scalars=[0, 1, 2]))
        source.flush()
        source.disconnect()
        reader = RrdReader(path)
        for store in reader.recordings():
            rec.send_chunks(reader.stream(store=store))


if __name__ == "__main__":
    out = sys.argv[1]
    only = sys.argv[2:]
    for name, log in CASES.items():
        if only and name not in only:
            continue
        rec = rr.RecordingStream("conformance", recording_id=name)
        rec.save(f"{out}/{name}.rrd")
        log(rec)
        rec.flush()
        rec.disconnect()
    print(" ".join(CASES))
