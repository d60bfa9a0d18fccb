import type { MessagePort } from "node:worker_threads";
import type { SinkEndpoint, SinkReporter } from "./sink-endpoint.js";
import { CONTROL, type SinkCommand, type SinkReply } from "./sink-protocol.js";

/** Hands the commands that come through `port` to an endpoint, in order, and tells the other thread how far it is. */
export function serveSink(port: MessagePort, control: Int32Array, makeEndpoint: (reporter: SinkReporter) => SinkEndpoint): void {
  const reply = (message: SinkReply): void => port.postMessage(message);
  const endpoint = makeEndpoint({
    lost: (loss) => reply({ kind: "lost", loss }),
    warn: (warning) => reply({ kind: "warning", warning }),
    ready: (result) => reply({ kind: "ready", result }),
  });
  /** What is taken before this is done waits. */
  let taken: Promise<void> | undefined;

  const noteTaken = (kib: number): void => {
    Atomics.add(control, CONTROL.takenKib, kib);
    Atomics.notify(control, CONTROL.takenKib);
  };
  const noteDone = (id: number, failure?: string): void => {
    reply({ kind: "done", id, ...(failure === undefined ? {} : { failure }) });
    Atomics.store(control, CONTROL.doneId, id);
    Atomics.notify(control, CONTROL.doneId);
  };
  /** Does work now when nothing is before it, so that a synchronous endpoint needs no promises. */
  const inOrder = (work: () => void | Promise<void>): void | Promise<void> => (taken === undefined ? work() : taken.then(work));

  port.on("message", (command: SinkCommand) => {
    if (command.kind === "take") {
      const result = inOrder(() => endpoint.take(command.messages));
      if (result === undefined) {
        noteTaken(command.kib);
      } else {
        const done = result.then(() => noteTaken(command.kib));
        taken = done;
        void done.then(() => {
          if (taken === done) taken = undefined;
        });
      }
    } else {
      const result = inOrder(() => endpoint[command.kind]());
      if (result === undefined) noteDone(command.id);
      else
        void result.then(
          () => noteDone(command.id),
          (error: unknown) => noteDone(command.id, error instanceof Error ? error.message : String(error)),
        );
    }
  });
  process.on("exit", () => {
    Atomics.store(control, CONTROL.state, -1);
    for (const word of [CONTROL.takenKib, CONTROL.doneId]) Atomics.notify(control, word);
  });
  Atomics.store(control, CONTROL.state, 1);
}
