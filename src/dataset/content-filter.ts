import { RerunError } from "../core/index.js";
import type { AllContents } from "../store/index.js";

/** How far a rule reaches. */
export interface PathRuleOptions {
  /** Also all below. Default: false. */
  readonly subtree?: boolean | undefined;
}

/**
 * Rules for `filterContents`, put together one by one.
 *
 * ```ts
 * const view = dataset.filterContents(ContentFilter.everything().exclude("/world/debug", { subtree: true }));
 * ```
 */
export class ContentFilter {
  readonly #expressions: readonly string[];

  private constructor(expressions: readonly string[]) {
    this.#expressions = expressions;
  }

  /** All entities; properties only when they are included. */
  static everything(): ContentFilter {
    return new ContentFilter(["/**"]);
  }

  static nothing(): ContentFilter {
    return new ContentFilter([]);
  }

  /** @throws RerunError `InvalidArgument` for a path that does not begin with `/` */
  include(path: string, options: PathRuleOptions = {}): ContentFilter {
    return new ContentFilter([...this.#expressions, pathRule(path, options)]);
  }

  /** @throws RerunError `InvalidArgument` for a path that does not begin with `/` */
  exclude(path: string, options: PathRuleOptions = {}): ContentFilter {
    return new ContentFilter([...this.#expressions, `-${pathRule(path, options)}`]);
  }

  /** Also the recordings' properties. */
  includeProperties(): ContentFilter {
    return new ContentFilter([...this.#expressions, "/__properties/**"]);
  }

  toExprs(): string[] {
    return [...this.#expressions];
  }

  toString(): string {
    return `ContentFilter(${JSON.stringify(this.#expressions)})`;
  }
}

function pathRule(path: string, { subtree = false }: PathRuleOptions): string {
  if (!path.startsWith("/")) {
    throw new RerunError("InvalidArgument", `Entity path expression must start with '/', got: '${path}'`);
  }
  return subtree && !path.endsWith("/**") ? `${path === "/" ? "" : path}/**` : path;
}

/** The entities that these rules take in, of those selected so far. @throws RerunError `InvalidArgument` when they are read, for what are none */
export function narrowed(before: AllContents | undefined, contents: string | readonly string[] | ContentFilter): AllContents {
  const own = contents instanceof ContentFilter ? contents.toExprs() : contents;
  return { allOf: [...(before?.allOf ?? []), own] };
}
