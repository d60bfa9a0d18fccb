import { expect, test } from "vitest";
import { normalizeApplicationId } from "./application-id.js";

function migrate(id: string): { id: string; warnings: number } {
  let warnings = 0;
  const migrated = normalizeApplicationId(id, () => {
    warnings += 1;
  });
  return { id: migrated, warnings };
}

test("an application id of up to 180 allowed characters stays as it is", () => {
  expect(migrate("my_app [2]: a-b")).toEqual({ id: "my_app [2]: a-b", warnings: 0 });
  expect(migrate("a".repeat(180))).toEqual({ id: "a".repeat(180), warnings: 0 });
});

// What Rerun 0.41 for Python makes of these.
test.each([
  ["a".repeat(181), `${"a".repeat(176)}e07d`],
  ["a".repeat(300), `${"a".repeat(176)}cfc7`],
  ["é".repeat(100), `${"-".repeat(100)}1bc6`],
  ["é".repeat(181), `${"-".repeat(176)}d121`],
  [`${"a".repeat(178)}éé`, `${"a".repeat(176)}cc91`],
  ["\u{1f600}".repeat(60), `${"-".repeat(60)}1127`],
])("another one is cut to 176 characters, gets four digits of a hash, and a warning: %s", (id, migrated) => {
  expect(migrate(id)).toEqual({ id: migrated, warnings: 1 });
});
