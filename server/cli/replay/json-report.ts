import { type FileHandle, open, rename, rm } from 'node:fs/promises';
import type { Rejudged } from '../../research/replay/rejudge.ts';

/** A report that is written piece by piece: differences as they are found, the totals at the end. docs/replay.md has its fields. */
export interface JsonReport {
  difference(one: Rejudged): Promise<void>;
  /** What belongs to the report beside the differences. */
  end(rest: object): Promise<void>;
  /** Leaves nothing behind. */
  abandon(): Promise<void>;
}

/** Writes to a file, which is there only when the report is whole. */
export async function reportTo(file: string): Promise<JsonReport> {
  const part = `${file}.${process.pid}.part`;
  let handle: FileHandle;
  try {
    handle = await open(part, 'w');
  } catch (error) {
    throw new Error(`${file} cannot be written: ${(error as Error).message}`);
  }
  return reportOf(async (words) => void (await handle.write(words)), {
    async ended() {
      await handle.close();
      await rename(part, file);
    },
    async abandoned() {
      await handle.close();
      await rm(part, { force: true });
    },
  });
}

/** Writes to standard output. */
export const reportToOutput = (): JsonReport =>
  reportOf(
    async (words) => {
      if (!process.stdout.write(words)) await new Promise<void>((drained) => process.stdout.once('drain', drained));
    },
    { ended: async () => {}, abandoned: async () => {} },
  );

function reportOf(
  write: (words: string) => Promise<void>,
  { ended, abandoned }: { ended(): Promise<void>; abandoned(): Promise<void> },
): JsonReport {
  let count = 0;
  return {
    async difference(one) {
      await write(`${count++ === 0 ? '{"version":1,"differences":[\n' : ',\n'}${JSON.stringify(one)}`);
    },
    async end(rest) {
      await write(count === 0 ? '{"version":1,"differences":[' : '\n');
      await write(`],\n${JSON.stringify(rest, null, 2).slice(2)}\n`);
      await ended();
    },
    abandon: abandoned,
  };
}
