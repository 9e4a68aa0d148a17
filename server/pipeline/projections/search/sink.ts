import type { Clock } from '../../../core/ports/clock.ts';
import type { EventReader } from '../../../core/ports/event-reader.ts';
import type { Log } from '../../../core/ports/log.ts';
import type { SearchDocument, SearchIndex } from '../../../core/ports/search-index.ts';
import type { SearchLag, SearchSource } from '../../../core/ports/search-source.ts';
import { deliver } from './deliver.ts';
import { sendRefusedAgain } from './send-refused.ts';

export interface SearchSinkParts {
  readonly source: SearchSource;
  readonly index: SearchIndex;
  readonly events: Pick<EventReader, 'follow'>;
  /** Puts templates and policies in place; tried until it succeeds, before the first document. */
  readonly setUp: () => Promise<void>;
  readonly clock: Clock;
  readonly log: Log;
}

/** How the search copy stands. */
export interface SearchState extends SearchLag {
  /** Documents that the mapping refused, kept to be sent again. */
  readonly refused: number;
  /** Why nothing is taken at the moment; null while all is well. */
  readonly problem: string | null;
}

/** Brings the search copy up to date with the event table, in the background, and for good. */
export interface SearchSink {
  start(): void;
  /** Asks the database; throws when that does not answer. */
  state(): Promise<SearchState>;
  /** Ends it within the time of a request; the cursor says where to go on. */
  stop(): Promise<void>;
}

export const batchSize = 2000;
/** Each request costs the node and the machine alike: half a second of events shares one. */
const gatherMs = 500;
const firstRetryMs = 250;
/** How often it is looked whether another generation was put live, or another process has given up its turn. */
const turnMs = 1000;
/** Refused documents are sent again every ten minutes: a mend needs no restart. */
const turnsBetweenRefused = 600;

/**
 * One process at a time writes a generation. OpenSearch may be away for as long as it likes: the cursor stays where it is, nothing else
 * waits for it, and the only trace is the lag.
 */
export function createSearchSink(parts: SearchSinkParts): SearchSink {
  const { source, index, events, clock, log } = parts;
  const stopping = new AbortController();
  const { signal } = stopping;
  let problem: string | null = null;
  let running: Promise<void> | null = null;

  const noteProblem = (next: string | null): void => {
    if (next !== null && problem === null) log.warn({ problem: next }, 'the search copy falls behind; nothing is lost');
    if (next === null && problem !== null) log.info({}, 'the search copy is being written again');
    problem = next;
  };

  async function untilSetUp(): Promise<void> {
    for (let waitMs = firstRetryMs; !signal.aborted; waitMs = Math.min(waitMs * 2, 30_000)) {
      try {
        await parts.setUp();
        noteProblem(null);
        return;
      } catch (error) {
        noteProblem(error instanceof Error ? error.message : String(error));
        await clock.sleep(waitMs, signal);
      }
    }
  }

  async function follow(generation: number): Promise<void> {
    // A change of generations may have been broken off between its steps.
    await index.putLive(generation);
    await sendRefusedAgain({ source, index, log, signal }, generation);
    const stop = await events.follow({
      reader: `search:${generation}`,
      batchSize,
      gatherMs,
      load: (batch) => source.documents(batch),
      onBatch: (documents: readonly SearchDocument[]) =>
        deliver(
          { source, index, clock, log, signal, onProblem: noteProblem },
          { number: generation, live: true },
          documents,
        ),
    });
    try {
      for (let turns = 1; ; turns++) {
        await clock.sleep(turnMs, signal);
        if ((await source.liveGeneration().catch(() => generation)) !== generation) break;
        if (turns % turnsBetweenRefused === 0) await sendRefusedAgain({ source, index, log, signal }, generation);
      }
    } finally {
      await stop();
    }
  }

  async function run(): Promise<void> {
    await untilSetUp();
    while (!signal.aborted) {
      let release: (() => Promise<void>) | null = null;
      try {
        const generation = await source.liveGeneration();
        release = await source.takeTurn(generation);
        if (release === null) await clock.sleep(turnMs, signal);
        else await follow(generation);
      } catch (error) {
        if (signal.aborted) break;
        log.warn({ err: error }, 'the search copy could not be followed; trying on');
        await clock.sleep(turnMs, signal).catch(() => {});
      } finally {
        await release?.();
      }
    }
  }

  return {
    start() {
      running ??= run().catch((error: unknown) => {
        if (!signal.aborted) log.error({ err: error }, 'the search copy is no longer written');
      });
    },
    async state() {
      const generation = await source.liveGeneration();
      const [lag, refused] = await Promise.all([source.lag(generation), source.countRefused(generation)]);
      return { ...lag, refused, problem };
    },
    async stop() {
      stopping.abort();
      await running;
    },
  };
}
