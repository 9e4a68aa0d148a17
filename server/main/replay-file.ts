import { readFile } from 'node:fs/promises';
import type { MarketChoice } from '../exchange/market/choice.ts';

interface Replay {
  readonly file: string;
  /** Of a file that names none. */
  readonly symbol?: string | undefined;
  /** Market time over real time. */
  readonly speed: number;
}

/** The market of a file of bars. Throws an `Error` that names a file which cannot be read. */
export async function readReplay({ file, symbol, speed }: Replay): Promise<MarketChoice> {
  const csv = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    throw new Error(`The file of bars ${file} cannot be read (${error.code ?? error.message}). Nothing was started.`);
  });
  return { kind: 'replay', csv, file, symbol, speed };
}
