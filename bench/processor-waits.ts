import { closeSync, openSync, readSync } from 'node:fs';

/** How long this thread was ready to run and had no processor: what other programs took from it. */
export interface ProcessorWaits {
  /** Whether this system tells it: Linux does. */
  readonly known: boolean;
  /** Microseconds since the thread began. Reading takes about as long as ten decimal operations: do it beside what is measured. */
  micros(): number;
  close(): void;
}

/** By the second figure of Linux's schedstat, in nanoseconds (kernel documentation, scheduler/sched-stats). */
export function openProcessorWaits(): ProcessorWaits {
  let file: number;
  try {
    file = openSync('/proc/thread-self/schedstat', 'r');
  } catch {
    return { known: false, micros: () => 0, close: () => {} };
  }
  const buffer = Buffer.alloc(96);
  return {
    known: true,
    micros() {
      const length = readSync(file, buffer, 0, buffer.length, 0);
      return Number(buffer.toString('latin1', 0, length).split(' ')[1]) / 1000;
    },
    close: () => closeSync(file),
  };
}
