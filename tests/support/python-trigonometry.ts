import { execFileSync } from "node:child_process";
import { testPython } from "../../scripts/paths.mjs";

const NAMES = ["sin", "cos", "tan"] as const;
type Answers = Readonly<Record<(typeof NAMES)[number], ReadonlyMap<number, number>>>;

const SCRIPT = `
import json, math, sys
print(json.dumps({name: [getattr(math, name)(x) for x in xs] for name, xs in json.load(sys.stdin).items()}))
`;

/**
 * Runs `work` twice, the second time with Python's sines, cosines and tangents in `Math`. JavaScript leaves their last bit to the engine,
 * and V8's differs from the C library's in some values of a hundred: who compares curves bit for bit needs equal input first.
 */
export async function withPythonTrigonometry(work: (pass: 1 | 2) => Promise<void>): Promise<void> {
  const { sin, cos, tan } = Math;
  const own = { sin, cos, tan };
  const asked = { sin: new Set<number>(), cos: new Set<number>(), tan: new Set<number>() };
  try {
    for (const name of NAMES) {
      Math[name] = (x) => {
        asked[name].add(x);
        return own[name](x);
      };
    }
    await work(1);
    const answers = askPython(asked);
    for (const name of NAMES) Math[name] = (x) => answers[name].get(x) ?? own[name](x);
    await work(2);
  } finally {
    Object.assign(Math, own);
  }
}

function askPython(asked: Readonly<Record<(typeof NAMES)[number], ReadonlySet<number>>>): Answers {
  const xs = { sin: [...asked.sin], cos: [...asked.cos], tan: [...asked.tan] };
  const input = JSON.stringify(xs);
  const answered = execFileSync(testPython(), ["-c", SCRIPT], { input, encoding: "utf8", maxBuffer: 2 ** 26 });
  const ys = JSON.parse(answered) as Record<(typeof NAMES)[number], number[]>;
  const table = (name: (typeof NAMES)[number]): ReadonlyMap<number, number> =>
    new Map(xs[name].map((x, i) => [x, ys[name][i] as number]));
  return { sin: table("sin"), cos: table("cos"), tan: table("tan") };
}
