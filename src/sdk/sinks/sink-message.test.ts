import { expect, it } from "vitest";
import { packStoreMessage } from "./sink-message.js";

it("only of a blueprint it is said what shall become of it", () => {
  const kinds = (kind: "blueprint" | "recording"): string[] => {
    const storeId = { kind, applicationId: "app", recordingId: "id" };
    const packs = packStoreMessage({ storeId, chunks: [], makeActive: false, makeDefault: false });
    return packs.flatMap(({ messages }) => messages.map((message) => message.kind));
  };
  expect(kinds("blueprint")).toEqual(["store", "activation"]);
  expect(kinds("recording")).toEqual(["store"]);
});
