import { expect, it } from 'vitest';
import type { SearchDocument, WriteResult } from '../../../core/ports/search-index.ts';
import { quietLog } from '../../../testing/quiet-log.ts';
import { deliver } from './deliver.ts';

const document = (id: string): SearchDocument => ({
  alias: 'trading-events',
  id,
  version: '1',
  part: '2026.11',
  json: '{}',
});
const [a, b, c] = [document('a'), document('b'), document('c')];

/** An index that answers as it is told, one answer after the other; then it takes everything. */
function box(...answers: Partial<WriteResult>[]) {
  const sent: string[][] = [];
  const waits: number[] = [];
  const kept: string[] = [];
  const problems: (string | null)[] = [];
  const stopping = new AbortController();
  return {
    sent,
    waits,
    kept,
    problems,
    stopping,
    parts: {
      source: {
        keepRefused: async (_: number, refused: readonly { document: SearchDocument }[]) =>
          void kept.push(...refused.map((one) => one.document.id)),
      },
      index: {
        async write(_: unknown, documents: readonly SearchDocument[]): Promise<WriteResult> {
          sent.push(documents.map((one) => one.id));
          return { again: [], problem: null, refused: [], ...answers.shift() };
        },
      },
      clock: {
        async sleep(ms: number, signal?: AbortSignal) {
          signal?.throwIfAborted();
          waits.push(ms);
        },
      },
      log: quietLog,
      signal: stopping.signal,
      onProblem: (problem: string | null) => void problems.push(problem),
    },
  };
}
const live = { number: 1, live: true };

it('sends again only what was not taken, and keeps what is refused', async () => {
  const it = box(
    { again: [b, c], problem: 'busy' },
    { again: [c], problem: 'busy', refused: [{ document: b, reason: 'no' }] },
  );
  await deliver(it.parts, live, [a, b, c]);
  expect(it.sent).toEqual([['a', 'b', 'c'], ['b', 'c'], ['c']]);
  expect(it.kept).toEqual(['b']);
  expect(it.problems).toEqual(['busy', 'busy', null]);
});

it('waits longer and longer up to half a minute while nothing is taken, and begins anew when something is', async () => {
  const down = { again: [a, b], problem: 'down' };
  const it = box(down, down, down, down, down, down, down, down, { again: [b], problem: 'busy' });
  await deliver(it.parts, live, [a, b]);
  expect(it.waits).toEqual([250, 500, 1000, 2000, 4000, 8000, 16_000, 30_000, 250]);
});

it('ends when it is told to, and the batch is then not done', async () => {
  const it = box({ again: [a], problem: 'down' });
  it.parts.clock.sleep = async (_, signal) => {
    it.stopping.abort(new Error('stopped'));
    signal?.throwIfAborted();
  };
  await expect(deliver(it.parts, live, [a])).rejects.toThrow('stopped');
});
