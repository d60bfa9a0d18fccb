import { isPropertyPath } from "../../../chunk/index.js";
import { describe, isAtOrBelow, normalizeEntityPath, parseEntityPath, RerunError } from "../../../core/index.js";

/** One rule of a contents expression. */
interface Rule {
  readonly text: string;
  readonly path: string;
  readonly depth: number;
  readonly isSubtree: boolean;
  readonly isIncluded: boolean;
}

/** Rules for entities, as they are written: see `parseContents`. */
export type Contents = string | readonly string[] | AllContents;

/** Entities that all of these take in. */
export interface AllContents {
  readonly allOf: readonly (string | readonly string[])[];
}

/** Which entities a query is about. */
export interface ContentsFilter {
  /** Whether the entity (canonical path) is in. */
  includes(entityPath: string): boolean;
  /** The rules that include something, as they were written, of which no path in `paths` is an example. */
  unmatched(paths: readonly string[]): string[];
}

/** Blanks part tokens, but for escaped ones. */
const TOKEN = /(?:\\.|[^\s\\])+/gu;

/**
 * Reads contents expressions: one or several texts, each with rules parted by blanks or line ends.
 * `path` or `+ path` takes an entity in, `- path` leaves it out, `path/**` stands for it and all below it. The most specific
 * rule decides, whatever the order; of two equally specific ones the last. What no rule matches is out. Properties
 * (`/__properties/**`) are in only when a rule names them. Of `allOf` an entity must be in each.
 *
 * @param expressions absent = everything but properties
 * @throws RerunError `InvalidArgument` for what is no text
 */
export function parseContents(expressions: Contents | undefined): ContentsFilter {
  if (expressions === undefined) return { includes: (path) => !isPropertyPath(path), unmatched: () => [] };
  if (typeof expressions === "object" && "allOf" in expressions) {
    const filters = expressions.allOf.map(parseContents);
    return {
      includes: (path) => filters.every((filter) => filter.includes(path)),
      unmatched: (paths) => filters.flatMap((filter) => filter.unmatched(paths)),
    };
  }
  const texts: readonly unknown[] = Array.isArray(expressions) ? expressions : [expressions];
  const rules = texts.flatMap(parseRules);
  return {
    includes: (path) => includes(rules, path),
    unmatched: (paths) =>
      rules.filter((rule) => rule.isIncluded && !paths.some((path) => matches(rule, path))).map(({ text }) => text),
  };
}

function parseRules(expression: unknown): Rule[] {
  if (typeof expression !== "string") {
    throw new RerunError("InvalidArgument", `filterContents: expected texts such as "/world/**", got ${describe(expression)}`);
  }
  const rules: Rule[] = [];
  let sign = "";
  for (const [token] of expression.matchAll(TOKEN)) {
    if (sign === "" && (token === "+" || token === "-")) {
      sign = token;
      continue;
    }
    const signed = sign === "" && /^[+-]/u.test(token);
    const text = signed ? token.slice(1) : token;
    rules.push(parseRule(text, (signed ? token[0] : sign) !== "-"));
    sign = "";
  }
  return rules;
}

function parseRule(text: string, isIncluded: boolean): Rule {
  const isSubtree = text === "**" || text.endsWith("/**");
  const path = normalizeEntityPath(isSubtree ? text.slice(0, -2) : text);
  return { text, path, depth: parseEntityPath(path).length, isSubtree, isIncluded };
}

function matches(rule: Rule, path: string): boolean {
  if (isPropertyPath(path) && !isPropertyPath(rule.path)) return false;
  return rule.isSubtree ? isAtOrBelow(path, rule.path) : path === rule.path;
}

function includes(rules: readonly Rule[], path: string): boolean {
  let best: Rule | undefined;
  for (const rule of rules) {
    if (!matches(rule, path)) continue;
    const order = best === undefined ? 0 : rule.depth - best.depth || Number(best.isSubtree) - Number(rule.isSubtree);
    if (order >= 0) best = rule;
  }
  return best?.isIncluded ?? false;
}
