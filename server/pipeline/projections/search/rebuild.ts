import type { Clock } from '../../../core/ports/clock.ts';
import type { EventReader } from '../../../core/ports/event-reader.ts';
import type { Log } from '../../../core/ports/log.ts';
import type { SearchDocument, SearchIndex } from '../../../core/ports/search-index.ts';
import type { SearchSource } from '../../../core/ports/search-source.ts';
import { deliver } from './deliver.ts';
import { batchSize } from './sink.ts';

export interface RebuildParts {
  readonly source: SearchSource;
  readonly index: SearchIndex;
  readonly events: Pick<EventReader, 'follow'>;
  readonly clock: Clock;
  readonly log: Log;
  /** Told how it goes on, a sentence each time. */
  readonly say: (sentence: string) => void;
  readonly signal?: AbortSignal;
}

export interface Rebuilt {
  readonly from: number;
  readonly to: number;
  readonly documents: number;
}

const lookMs = 100;
/** How long the old generation's writer may take to notice. */
const handOverMs = 60_000;

/**
 * Makes the search copy anew beside the one that is searched, from the first event on, while events go on; puts it in its place
 * in one step, and removes the old one. Broken off at any point it leaves the live copy as it was, or the new one complete.
 */
export async function rebuildSearch(parts: RebuildParts): Promise<Rebuilt> {
  const { source, index, events, clock, log, say } = parts;
  const signal = parts.signal ?? new AbortController().signal;
  const from = await source.liveGeneration();
  const to = await source.newGeneration();
  const release = await source.takeTurn(to);
  if (release === null) throw new Error(`Generation ${to} is being written by another process; nothing was changed.`);
  let sent = 0;
  say(`Generation ${to} is being filled; searches go on in generation ${from}.`);
  let stop: (() => Promise<void>) | null = null;
  try {
    stop = await events.follow({
      reader: `search:${to}`,
      batchSize,
      load: (batch) => source.documents(batch),
      onBatch: async (documents: readonly SearchDocument[]) => {
        await deliver({ source, index, clock, log, signal }, { number: to, live: false }, documents);
        sent += documents.length;
      },
    });
    for (let said = 0; ; ) {
      const { events: behind, seconds } = await source.lag(to);
      if (behind === 0 || seconds < 1) break;
      if (sent - said >= 50_000) {
        say(`${sent} documents so far; ${behind >= 100_000 ? 'over 100,000' : behind} events to go.`);
        said = sent;
      }
      await clock.sleep(lookMs, signal);
    }
    await index.refresh(to);
    // From here on the new one is right, and only gets newer: searches move first, then the writers.
    await index.putLive(to);
    await source.setLiveGeneration(to);
    await stop();
    stop = null;
  } finally {
    await stop?.();
    await release();
  }
  say(`Generation ${to} is searched now: ${sent} documents. Generation ${from} is being removed.`);
  await removeOld(parts, from, signal);
  await index.putLive(to);
  await source.forgetOthers(to);
  return { from, to, documents: sent };
}

/** A writer of the old generation that has not noticed yet would make its indices anew: its turn is waited for. */
async function removeOld({ source, index, clock }: RebuildParts, from: number, signal: AbortSignal): Promise<void> {
  const until = clock.monotonicMs() + handOverMs;
  let turn = await source.takeTurn(from);
  while (turn === null && clock.monotonicMs() < until) {
    await clock.sleep(lookMs, signal);
    turn = await source.takeTurn(from);
  }
  if (turn === null) {
    throw new Error(
      `Generation ${from} is still being written by another process. The new one is complete and live; run search:rebuild again later to remove the old one.`,
    );
  }
  try {
    await index.remove(from);
  } finally {
    await turn();
  }
}
