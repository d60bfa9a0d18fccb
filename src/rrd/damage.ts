import { type RerunError, type Warning, type WarningReporter, warnOnce } from "../core/index.js";
import { FRAME_HEADER_BYTES } from "./frames.js";

export interface DamageOptions {
  /** Default: printed once. */
  readonly warn?: WarningReporter | undefined;
  /** Path or address of the recording. */
  readonly name?: string | undefined;
}

/** What is wrong with one recording: many places, told once, in one sentence. */
export class Damage {
  readonly #warn: WarningReporter;
  readonly #name: string | undefined;
  #first: { readonly position: number; readonly what: string } | undefined;
  #numPlaces = 0;
  #lostBytes = 0;
  #isReported = false;

  constructor({ warn = warnOnce, name }: DamageOptions) {
    this.#warn = warn;
    this.#name = name;
  }

  /**
   * @param position in the file, in bytes
   * @param what a sentence that names the position, without its full stop
   */
  add(position: number, lostBytes: number, what: string): void {
    this.#numPlaces += 1;
    this.#lostBytes += lostBytes;
    if (this.#first === undefined || position < this.#first.position) this.#first = { position, what };
  }

  /** A message that is left out. @param offset of its payload */
  addMessage(offset: number, length: number, error: RerunError): void {
    const position = offset - FRAME_HEADER_BYTES;
    this.add(position, FRAME_HEADER_BYTES + length, `The message at byte ${position} was left out: ${error.message}`);
  }

  /** Bytes that are not read because of what was added. */
  lose(numBytes: number): void {
    this.#lostBytes += numBytes;
  }

  /** The first place that was found, and how many there are. `undefined` when nothing is wrong. */
  warning(): Warning | undefined {
    if (this.#first === undefined) return undefined;
    const total = `. ${this.#numPlaces} places of the recording are damaged, ${this.#lostBytes} bytes of it are lost`;
    const message = `${this.#first.what}${this.#numPlaces === 1 ? "" : total}`;
    return { code: "CorruptFile", message: this.#name === undefined ? message : `${message}: ${this.#name}` };
  }

  /** Reports what was found, the first time that there is something. */
  report(): void {
    const warning = this.#isReported ? undefined : this.warning();
    if (warning === undefined) return;
    this.#isReported = true;
    this.#warn(warning);
  }
}
