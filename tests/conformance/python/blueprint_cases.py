"""blueprint_cases.py DIR : saves each case as DIR/<name>.rrd, made with the real SDK, and prints their names.
tests/conformance/cases/blueprints.ts has the same cases. Ids count up, in each case from 1."""
import sys
import uuid
from datetime import UTC, datetime

import rerun as rr
import rerun.blueprint as rrb
from rerun.blueprint import archetypes as bpa
from rerun.blueprint.table import CardLayout, Column, Filter, PreviewCell, PreviewsConfig, SortBy, TableLayout, col

count = 0


def next_id():
    global count
    count += 1
    return uuid.UUID(f"00000000-0000-4000-8000-{count:012x}")


uuid.uuid4 = next_id


def seconds(value):
    return rrb.TimeRangeBoundary.cursor_relative(seconds=value)


def spatial_views():
    ranges = rrb.VisibleTimeRange("time", start=seconds(-5), end=rrb.TimeRangeBoundary.cursor_relative())
    flat = rrb.Spatial2DView(
        origin="/world/camera",
        contents=["$origin/**", "- /world/camera/noise"],
        name="flat",
        background=[105, 20, 105],
        visual_bounds=rrb.VisualBounds2D(x_range=[-1, 7], y_range=[-3, 3]),
        spatial_information="frame",
        time_ranges=[ranges],
    )
    deep = rrb.Spatial3DView(
        name="deep",
        background=rrb.Background(kind="GradientBright"),
        line_grid=rrb.LineGrid3D(
            visible=False, spacing=0.25, plane=rr.components.Plane3D.XY.with_distance(2), stroke_width=2, color=[255, 255, 255, 128]
        ),
        spatial_information=rrb.SpatialInformation("frame", show_bounding_box=True, show_axes=True, axes=rr.ViewCoordinates.RUB),
        eye_controls=rrb.EyeControls3D(
            kind="Orbital", position=[1, 2, 3], look_target=[0, 0, 1], eye_up=[0, 0, 1], speed=2, tracking_entity="/robot", spin_speed=0.5
        ),
        time_ranges=rrb.VisibleTimeRanges(ranges=ranges),
    )
    shown = rrb.Spatial3DView(background=rrb.Background.from_fields(color=[1, 2, 3]), line_grid=True)
    return rrb.Grid(flat, deep, shown)


def plot_views():
    bars = rrb.BarChartView(plot_legend="LeftTop", background=bpa.PlotBackground(color=[10, 20, 30], show_grid=False))
    curves = rrb.TimeSeriesView(
        axis_x=rrb.TimeAxis(
            link="LinkToGlobal", view_range=rrb.TimeRange(start=rrb.TimeRangeBoundary.absolute(seq=3), end=rrb.TimeRangeBoundary.infinite()), zoom_lock=True
        ),
        axis_y=rrb.ScalarAxis(range=(-1, 2.5), zoom_lock=False),
        plot_legend=rrb.PlotLegend("RightBottom", visible=False),
        background=bpa.PlotBackground(color=[1, 2, 3]),
        interaction=rrb.PlotInteraction(tooltip_mode="All", points_display="Always"),
        time_ranges=[
            rrb.VisibleTimeRange("step", start=rrb.TimeRangeBoundary.cursor_relative(seq=-10), end=rrb.TimeRangeBoundary.infinite()),
            rrb.VisibleTimeRange("time", start=rrb.TimeRangeBoundary.absolute(nanos=7), end=rrb.TimeRangeBoundary.absolute(seconds=1.5)),
        ],
    )
    states = rrb.StateTimelineView(time_view=rrb.TimeAxis(link="Independent"), time_ranges=[rrb.VisibleTimeRange("t", start=seconds(-1), end=seconds(1))])
    return rrb.Vertical(bars, curves, states, row_shares=[1, 2, 1], name="plots", visible=True)


def other_views():
    table = rrb.DataframeView(
        query=bpa.DataframeQuery(
            timeline="step", filter_by_range=(1, 9), filter_is_not_null="/a:Scalar", apply_latest_at=True, select=["step", "/a:Scalar"], entity_order=["/b", "/a"], auto_scroll=True
        )
    )
    graph = rrb.GraphView(
        background=bpa.GraphBackground(color=[30, 10, 10]),
        visual_bounds=rrb.VisualBounds2D(x_range=[-1, 1], y_range=[-2, 2]),
        force_link=bpa.ForceLink(enabled=True, distance=60, iterations=3),
        force_many_body=bpa.ForceManyBody(enabled=False, strength=-60),
        force_position=bpa.ForcePosition(enabled=True, strength=0.25, position=[1, 2]),
        force_collision_radius=bpa.ForceCollisionRadius(enabled=True, strength=0.5, iterations=2),
        force_center=bpa.ForceCenter(enabled=True, strength=0.75),
    )
    maps = rrb.MapView(zoom=16, background="OpenStreetMap")
    tensor = rrb.TensorView(
        slice_selection=rrb.TensorSliceSelection(width=1, height=rr.TensorDimensionSelection(dimension=2, invert=True), indices=[rr.TensorDimensionIndexSelection(dimension=2, index=4)], slider=[0]),
        scalar_mapping=rrb.TensorScalarMapping(colormap="turbo", gamma=1.5, mag_filter="Linear"),
        view_fit="FillKeepAspectRatio",
    )
    document = rrb.TextDocumentView(format_options=bpa.TextDocumentFormat(word_wrap=True, monospace=False))
    log = rrb.TextLogView(
        columns=rrb.TextLogColumns(timeline_columns=["time"], text_log_columns=["LogLevel", "Body"]),
        rows=rrb.TextLogRows(filter_by_log_level=["INFO", "ERROR"]),
        format_options=rrb.TextLogFormat(monospace_body=True),
    )
    audio = rrb.AudioView(playback=rrb.AudioPlayback(volume=0.5))
    return rrb.Horizontal(table, graph, maps, tensor, document, log, audio, column_shares=[1, 2, 3, 4, 5, 6, 7])


def containers():
    named = rrb.TextLogView(name="log", titlebar=False)
    hidden = rrb.Grid(rrb.MapView(visible=False), grid_columns=2, column_shares=[1], row_shares=[0.5], visible=False)
    tabs = rrb.Tabs(named, hidden, active_tab="log", name="tabs")
    generic = rrb.View(class_identifier="Custom", origin="/x", contents="/x/**", name=None, properties={"Background": rrb.Background([1, 2, 3])})
    box = rrb.Container(generic, kind=rrb.components.ContainerKind.Grid, name="box", grid_columns=3)
    return rrb.Blueprint(rrb.Tabs(tabs, box, active_tab=0), auto_layout=True, auto_views=False)


def several_parts():
    return rrb.Blueprint(rrb.Spatial3DView(), rrb.TextLogView(origin="/log"), rrb.TimePanel(expanded=True), collapse_panels=True)


def panels():
    return rrb.Blueprint(
        rrb.TopPanel(state="hidden"),
        rrb.BlueprintPanel(expanded=False),
        rrb.SelectionPanel(state="expanded"),
        rrb.TimePanel(
            state="collapsed", timeline="step", playback_speed=2, fps=30, play_state="following", loop_mode="Selection", time_selection=rrb.components.AbsoluteTimeRange(10, 20)
        ),
    )


def overrides():
    view = rrb.TimeSeriesView(
        contents=rrb.archetypes.ViewContents(["/plot/**"]),
        defaults=[rr.SeriesLines.from_fields(widths=2), rr.components.ColorBatch([255, 0, 0]).described(rr.SeriesPoints.descriptor_colors())],
        overrides={
            "/plot/a": rr.SeriesLines(colors=[255, 0, 0]),
            "plot/b": [rr.SeriesLines(), rr.SeriesPoints(markers="cross")],
            "plot/c": [rr.SeriesLines(names="c").visualizer(), rrb.EntityBehavior(visible=False, interactive=True)],
            "plot/d": rrb.VisibleTimeRanges(timeline="t", start=seconds(-1), end=rrb.TimeRangeBoundary.infinite()),
            "plot/e": rrb.Visualizer(
                "SeriesLines",
                overrides=rr.SeriesLines(widths=3).as_component_batches(),
                mappings=[
                    mapping("Scalars:scalars", rrb.encodings.ComponentSourceKind.SourceComponent, "custom:value", ".x"),
                    mapping("SeriesLines:colors", rrb.encodings.ComponentSourceKind.Override),
                    mapping("SeriesLines:names", rrb.encodings.ComponentSourceKind.Default),
                ],
            ),
        },
    )
    return rrb.Blueprint(view)


def mapping(target, kind, component=None, selector=None):
    return rrb.encodings.VisualizerComponentMapping(target=target, source_kind=kind, source_component=component, selector=selector)


def empty():
    return rrb.Blueprint()


def table():
    views = [rrb.Spatial2DView(origin="/camera"), rrb.TimeSeriesView()]
    preview = Column("segment id", column_type=PreviewCell(*views))
    return rrb.TableBlueprint(
        table_layout=TableLayout(
            columns=[
                preview,
                Column("score", name="Score", editable=True, column_type=rr.components.Scalar),
                Column("url", column_type="rerun.components.Url", visible=False),
                Column("notes", column_type=rr.TextDocument.descriptor_text()),
                Column("plain"),
            ]
        ),
        card_layout=CardLayout(title="name", link="segment id", fields=[preview, Column("flag", column_type="rerun.components.Flag")]),
        default_layout="table",
        column_display_mode="Full",
        previews_config=PreviewsConfig(timeline="frame", play_state="playing", playback_speed=2),
        filters=[*filters(), "a > 1", Filter("b IS NULL")],
        sort_by=SortBy("score", direction="descending"),
    )


def filters():
    a, start, end = col('a"b'), datetime(2024, 1, 2, 3, 4, 5, tzinfo=UTC), datetime(2024, 1, 2, 3, 4, 5, 678000, tzinfo=UTC)
    for column in (a, a.list):
        yield from (column.eq(1), column.ne(-2), column.lt(0.5), column.le(3), column.gt(float("inf")), column.ge(float("nan")))
        yield from (column.is_true(), column.is_false(), column.is_not_true(), column.is_not_false(), column.is_null(), column.is_not_null())
        yield from (column.before(start), column.after(end), column.between(start, end), column.not_between(start, end))
        yield from (column.today(), column.yesterday(), column.last_24_hours(), column.this_week(), column.last_week())
        yield from (column.not_today(), column.not_yesterday(), column.not_last_24_hours(), column.not_this_week(), column.not_last_week())
        yield from (column.str.contains("it's"), column.str.does_not_contain("50%_\\"), column.str.starts_with("a"), column.str.ends_with("z"))


def small_table():
    return rrb.TableBlueprint(sort_by="name")


CASES = [spatial_views, plot_views, other_views, containers, several_parts, panels, overrides, empty, table, small_table]

if __name__ == "__main__":
    for case in CASES:
        count = 0
        made = case()
        blueprint = made if hasattr(made, "save") else rrb.Blueprint(made)
        blueprint.save("app", f"{sys.argv[1]}/{case.__name__}.rrd")
    print(*[case.__name__ for case in CASES])
