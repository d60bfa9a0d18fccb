import type { Answer } from "../../src/link/index.js";

/** The parts of an answer that is to be there at once, as those of a store in memory are. */
export function answerNow(answer: Answer): Exclude<Answer, Promise<unknown>> {
  if (answer instanceof Promise) throw new Error("The answer is still to come");
  return answer;
}
