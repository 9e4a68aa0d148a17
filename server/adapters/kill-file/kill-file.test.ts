import { mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import type { KillFileWord } from '../../core/ports/kill-file.ts';
import { createKillFile } from './kill-file.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'kill-file-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

/** Collects what is told, and answers a promise of the first word that the predicate accepts. */
function listening() {
  const words: KillFileWord[] = [];
  const waiting: { accept: (word: KillFileWord) => boolean; resolve: () => void }[] = [];
  return {
    words,
    listener: async (word: KillFileWord) => {
      words.push(word);
      for (const one of waiting) if (one.accept(word)) one.resolve();
    },
    told: (accept: (word: KillFileWord) => boolean) =>
      new Promise<void>((resolve) => {
        waiting.push({ accept, resolve });
      }),
  };
}

it('is told of before following resolves, and of everything that becomes of it', async () => {
  const file = join(folder, 'KILL');
  await writeFile(file, 'symbol AAPL');
  const { words, listener, told } = listening();
  const stop = await createKillFile(file).follow(listener);
  expect(words).toEqual([{ kind: 'there', content: 'symbol AAPL' }]);
  const gone = told((word) => word.kind === 'absent');
  await rm(file);
  await gone;
  const back = told((word) => word.kind === 'there' && word.content === 'all');
  await writeFile(join(folder, 'new'), 'all');
  await rename(join(folder, 'new'), file);
  await back;
  await stop();
});

it('is looked at though nothing tells of a change, and told again while it is there', async () => {
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
  try {
    const file = join(folder, 'later', 'KILL');
    const { words, listener, told } = listening();
    // A folder that is not there cannot be watched.
    const stop = await createKillFile(file).follow(listener);
    expect(words).toEqual([{ kind: 'absent' }]);
    const again = told(() => true);
    await vi.advanceTimersByTimeAsync(500);
    await again;
    await stop();
  } finally {
    vi.useRealTimers();
  }
});

it('that is no file to be read is told as such', async () => {
  const { words, listener } = listening();
  const stop = await createKillFile(folder).follow(listener);
  expect(words).toEqual([{ kind: 'unreadable', why: 'EISDIR' }]);
  await stop();
});
