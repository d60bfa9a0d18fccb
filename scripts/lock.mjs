// A lock between processes: a folder that only one can make. A lock whose owner is gone is taken over.
import { mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";

const RETRY_MS = 100;
const TIMEOUT_MS = 20 * 60_000;
/** A lock without its owner's number is stale after this time. */
const NUMBERLESS_MS = 5_000;

/**
 * Runs `work` while holding the lock `folder`.
 *
 * @template T
 * @param {string} folder path of the lock; its parent must exist
 * @param {() => Promise<T>} work
 * @returns {Promise<T>}
 */
export async function withLock(folder, work) {
  const deadline = Date.now() + TIMEOUT_MS;
  while (!tryLock(folder)) {
    if (Date.now() > deadline)
      throw new Error(`waited ${TIMEOUT_MS / 60_000} minutes for another process; if none runs, delete ${folder}`);
    await new Promise((done) => setTimeout(done, RETRY_MS));
  }
  try {
    return await work();
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function tryLock(folder) {
  try {
    mkdirSync(folder);
  } catch (error) {
    if (error.code !== "EEXIST") throw error;
    if (ownerIsGone(folder)) rmSync(folder, { recursive: true, force: true });
    return false;
  }
  writeFileSync(join(folder, "pid"), String(process.pid));
  return true;
}

function ownerIsGone(folder) {
  let pid;
  try {
    pid = Number(readFileSync(join(folder, "pid"), "utf8"));
  } catch {
    return ageMs(folder) > NUMBERLESS_MS; // a moment after it was made, its owner has not written its number yet
  }
  try {
    process.kill(pid, 0);
    return false;
  } catch (error) {
    return error.code === "ESRCH";
  }
}

function ageMs(folder) {
  try {
    return Date.now() - statSync(folder).mtimeMs;
  } catch {
    return 0; // gone meanwhile: try again
  }
}
