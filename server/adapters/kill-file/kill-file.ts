import { watch } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { KillFileWatch, KillFileWord } from '../../core/ports/kill-file.ts';

/** How often the file is looked at without having been told of a change: some disks tell nothing. */
const lookEveryMs = 500;
/** A file that is being written is read until it has been the same for this long, at most as often as said. */
const settleMs = 20;
const settleTries = 5;

/** The file of the kill switch. It is read in whole each time, at the start, on every change of its folder and twice a second. */
export function createKillFile(file: string): KillFileWatch {
  async function read(): Promise<KillFileWord> {
    try {
      return { kind: 'there', content: await readFile(file, 'utf8') };
    } catch (error) {
      const { code, message } = error as { code?: string; message: string };
      return code === 'ENOENT' || code === 'ENOTDIR'
        ? { kind: 'absent' }
        : { kind: 'unreadable', why: code ?? message };
    }
  }
  const same = (a: KillFileWord, b: KillFileWord): boolean => JSON.stringify(a) === JSON.stringify(b);

  async function settled(): Promise<KillFileWord> {
    let word = await read();
    for (let tries = 0; word.kind === 'there' && tries < settleTries; tries++) {
      await sleep(settleMs);
      const next = await read();
      if (same(word, next)) break;
      word = next;
    }
    return word;
  }

  return {
    file,
    async follow(listener) {
      let stopped = false;
      let looking: Promise<void> | null = null;
      let again = false;
      let last: KillFileWord | null = null;
      const look = (): Promise<void> => {
        if (looking) {
          again = true;
          return looking;
        }
        looking = (async () => {
          do {
            again = false;
            const word = last && same(last, await read()) ? last : await settled();
            last = word;
            await listener(word);
          } while (again && !stopped);
        })().finally(() => {
          looking = null;
        });
        return looking;
      };
      await look();
      const onChange = (): void => {
        if (!stopped) void look().catch(() => undefined);
      };
      const timer = setInterval(onChange, lookEveryMs);
      timer.unref();
      let watcher: ReturnType<typeof watch> | null = null;
      try {
        watcher = watch(dirname(file), { persistent: false }, onChange);
        watcher.on('error', () => watcher?.close());
      } catch {
        // The timer looks.
      }
      return async () => {
        stopped = true;
        clearInterval(timer);
        watcher?.close();
        await looking?.catch(() => undefined);
      };
    },
  };
}
