import { RerunError } from "../core/index.js";

/** Waits for `work`, so many seconds at most. @throws RerunError `Timeout` */
export async function within(work: Promise<void>, seconds: number): Promise<void> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const timeout = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new RerunError("Timeout", `flush: not done after ${seconds} s`)), seconds * 1000);
  });
  try {
    await Promise.race([work, timeout]);
  } finally {
    clearTimeout(timer);
  }
}
