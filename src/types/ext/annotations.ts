import type { AsComponents, ComponentData, ComponentLayout } from "../component-batch.js";
import { AnnotationContext } from "../gen/archetypes.js";
import type { AnnotationInfoLike, AnnotationInfoMembers, KeypointPairLike } from "../gen/likes.js";
import type { Rgba32Like } from "../likes.js";

/** How a class or a keypoint is shown. */
export class AnnotationInfo implements AnnotationInfoMembers {
  readonly id: number;
  readonly label: string | undefined;
  readonly color: Rgba32Like | undefined;

  /** @param id Class id or keypoint id: a whole number 0..65535. */
  constructor(id: number, options: { readonly label?: string | undefined; readonly color?: Rgba32Like | undefined } = {}) {
    this.id = id;
    this.label = options.label;
    this.color = options.color;
  }
}

/** A class with its keypoints and how they are joined: for `AnnotationContext`, or logged alone as a context of one class. */
export class ClassDescription implements AsComponents {
  readonly info: AnnotationInfoLike;
  readonly keypointAnnotations: readonly AnnotationInfoLike[];
  readonly keypointConnections: readonly KeypointPairLike[];

  constructor(options: {
    readonly info: AnnotationInfoLike;
    readonly keypointAnnotations?: readonly AnnotationInfoLike[] | undefined;
    readonly keypointConnections?: readonly KeypointPairLike[] | undefined;
  }) {
    this.info = options.info;
    this.keypointAnnotations = options.keypointAnnotations ?? [];
    this.keypointConnections = options.keypointConnections ?? [];
  }

  get layouts(): readonly ComponentLayout[] {
    return AnnotationContext.layouts;
  }

  get data(): readonly (ComponentData | undefined)[] {
    return new AnnotationContext(this).data;
  }
}
