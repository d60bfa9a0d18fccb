import { closeSync, fstatSync, ftruncateSync, openSync, type Stats, statSync, writeSync } from "node:fs";
import { RerunError } from "../../core/index.js";

/** A file as the system knows it, whatever it is called. */
export interface FileIdentity {
  readonly device: number;
  readonly inode: number;
}

/** A file that was opened elsewhere in this process, and how much of it is written. */
export interface OpenFile {
  readonly descriptor: number;
  readonly position: number;
}

/** Standard output of the process. */
export const STDOUT = 1;
/** How long a pipe whose reader is slow is left alone before the next try. */
const RETRY_MILLIS = 2;
const sleeper = new Int32Array(new SharedArrayBuffer(4));

/**
 * Bytes on their way to a file, a pipe or a device.
 *
 * In a regular file an append is whole or leaves nothing behind. It is noticed when the file was deleted, or closed by somebody
 * else: that would lose data without a word, or write them into a stranger's file.
 */
export class OutputFile {
  readonly path: string;
  #descriptor: number;
  #position: number;
  #identity: FileIdentity;
  readonly #isRegular: boolean;
  #isBroken = false;

  /**
   * Empties the file at `path`, or goes on with one that is open.
   *
   * @throws the system's error
   */
  constructor(path: string, open?: OpenFile) {
    this.path = path;
    this.#descriptor = open?.descriptor ?? openSync(path, "w");
    this.#position = open?.position ?? 0;
    const status = fstatSync(this.#descriptor);
    this.#identity = identityOf(status);
    this.#isRegular = status.isFile() && this.#descriptor !== STDOUT;
  }

  get descriptor(): number {
    return this.#descriptor;
  }

  /** Bytes written. */
  get position(): number {
    return this.#position;
  }

  get identity(): FileIdentity {
    return this.#identity;
  }

  get isRegular(): boolean {
    return this.#isRegular;
  }

  /** @throws the system's error; RerunError `SinkFailed` as `check` */
  append(parts: readonly Uint8Array[]): void {
    this.check();
    let at = this.#position;
    try {
      for (const part of joinedNeighbours(parts)) {
        for (let done = 0; done < part.length; ) {
          const count = write(this.#descriptor, part.subarray(done), this.#isRegular ? at : null);
          done += count;
          at += count;
        }
      }
    } catch (error) {
      if (this.#isRegular) ftruncateSync(this.#descriptor, this.#position);
      else this.#isBroken = at > this.#position;
      throw error;
    }
    this.#position = at;
  }

  /** @throws RerunError `SinkFailed` when the file is not what was opened any more; `reopen` may help */
  check(): void {
    if (this.#isBroken) throw new RerunError("SinkFailed", "it broke off within a message");
    if (!this.#isRegular) return;
    const status = statusOf(this.#descriptor);
    if (status === undefined || !isSameFile(identityOf(status), this.#identity)) {
      throw new RerunError("SinkFailed", "the file was closed by other code");
    }
    if (status.nlink === 0) throw new RerunError("SinkFailed", "the file was deleted");
  }

  /**
   * Opens a file that `check` complains about anew.
   *
   * @returns whether it is the same one, with all that was written; otherwise it is a new and empty one
   * @throws the system's error, also when another file stands there: that one is not ours to overwrite
   */
  reopen(): boolean {
    if (!this.#isRegular) throw new RerunError("SinkFailed", "only a file can be opened anew");
    const before = statusOf(this.#descriptor);
    const isOurs = before !== undefined && isSameFile(identityOf(before), this.#identity);
    if (isOurs) closeSync(this.#descriptor);
    else if (this.#openSame()) return true;
    this.#descriptor = openSync(this.path, "wx");
    this.#position = 0;
    this.#identity = identityOf(fstatSync(this.#descriptor));
    return false;
  }

  /** Closes the file, unless somebody else did. */
  close(): void {
    if (this.#descriptor === STDOUT) return;
    const status = statusOf(this.#descriptor);
    if (status !== undefined && isSameFile(identityOf(status), this.#identity)) closeSync(this.#descriptor);
  }

  #openSame(): boolean {
    let descriptor: number;
    try {
      descriptor = openSync(this.path, "r+");
    } catch {
      return false; // Deleted as well: a new one is made.
    }
    const status = fstatSync(descriptor);
    if (isSameFile(identityOf(status), this.#identity) && status.size >= this.#position) {
      this.#descriptor = descriptor;
      return true;
    }
    closeSync(descriptor);
    return false;
  }
}

/** The same bytes in fewer pieces: what lies side by side in memory is one. */
function* joinedNeighbours(parts: readonly Uint8Array[]): Generator<Uint8Array, void, undefined> {
  let joined: Uint8Array | undefined;
  for (const part of parts) {
    if (joined?.buffer === part.buffer && joined.byteOffset + joined.length === part.byteOffset) {
      joined = new Uint8Array(joined.buffer, joined.byteOffset, joined.length + part.length);
    } else {
      if (joined !== undefined) yield joined;
      joined = part;
    }
  }
  if (joined !== undefined) yield joined;
}

/** Writes some bytes. A pipe that takes none now is tried again. */
function write(descriptor: number, bytes: Uint8Array, position: number | null): number {
  for (;;) {
    try {
      return writeSync(descriptor, bytes, 0, bytes.length, position);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "EAGAIN") throw error;
      Atomics.wait(sleeper, 0, 0, RETRY_MILLIS);
    }
  }
}

function statusOf(descriptor: number): Stats | undefined {
  try {
    return fstatSync(descriptor);
  } catch {
    return undefined; // It is not open.
  }
}

function identityOf({ dev, ino }: Stats): FileIdentity {
  return { device: dev, inode: ino };
}

/** The file at `path`, when there is one. @throws the system's error */
export function identityOfPath(path: string): FileIdentity | undefined {
  const status = statSync(path, { throwIfNoEntry: false });
  return status === undefined ? undefined : identityOf(status);
}

/** Whether two names or descriptors stand for one file. */
export function isSameFile(a: FileIdentity, b: FileIdentity): boolean {
  return a.device === b.device && a.inode === b.inode;
}

/** What the system says, without the path it says it of: ours comes last in a message, and may be another. */
export function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message.replace(/, \w+( '.*')?$/s, "") : String(error);
}
