import type { UuidSource } from "../../src/core/index.js";

/** Ids that count up, as the recorded blueprints have them: `00000000-0000-4000-8000-000000000001` and so on. */
export function countingUuids(): UuidSource {
  let count = 0;
  return {
    next: () => {
      count += 1;
      return `00000000-0000-4000-8000-${count.toString(16).padStart(12, "0")}`;
    },
  };
}
