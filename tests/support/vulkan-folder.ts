import { existsSync, realpathSync } from "node:fs";
import { dirname, join } from "node:path";
import { findChromium } from "../../scripts/paths.mjs";

/** Where Chromium keeps its software Vulkan; "" when it brings none, then the machine's own is used. */
export function vulkanFolder(): string {
  const chromium = findChromium();
  const beside = chromium === undefined ? [] : [dirname(realpathSync(chromium))];
  const folders = [...beside, "/usr/lib/chromium", "/usr/lib/chromium-browser"];
  return folders.find((path) => existsSync(join(path, "vk_swiftshader_icd.json"))) ?? "";
}
