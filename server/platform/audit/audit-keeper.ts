import type { AuditLog } from '../../core/ports/audit-log.ts';
import type { Clock } from '../../core/ports/clock.ts';
import type { EventReader } from '../../core/ports/event-reader.ts';
import type { Log } from '../../core/ports/log.ts';

/** Events that are chained in one transaction; a fresh chain over an old event table takes many. */
export const chainedAtOnce = 500;
/** Also where no event of this process's says that there is something to chain. */
const lookEveryMs = 30_000;
/** How often the head is written to the log, from where the chain cannot be cut off unseen. */
const noteHeadEveryMs = 24 * 60 * 60 * 1_000;

export interface AuditKeeper {
  /** Chains what there is, and follows the event table from then on. */
  start(): Promise<void>;
  stop(): Promise<void>;
}

/** Lets every audited event become an entry of the chain soon after it was committed, and writes the head down once a day. */
export function createAuditKeeper(parts: {
  readonly audit: Pick<AuditLog, 'chain' | 'head'>;
  readonly events: EventReader;
  readonly clock: Clock;
  readonly log: Log;
}): AuditKeeper {
  const { audit, clock, log } = parts;
  const undo: (() => unknown)[] = [];
  let stopped = false;

  async function chainAll(): Promise<void> {
    while (!stopped && (await audit.chain(chainedAtOnce)).more);
  }
  let running: Promise<void> | null = null;
  let again = false;
  /** One at a time; what came meanwhile is looked for once more. */
  async function chainSoon(): Promise<void> {
    if (running) {
      again = true;
      return running;
    }
    running = (async () => {
      do {
        again = false;
        await chainAll();
      } while (again && !stopped);
    })();
    try {
      await running;
    } catch (error) {
      log.warn({ err: error }, 'the audit could not be chained; it is tried again');
    } finally {
      running = null;
    }
  }
  async function noteHead(): Promise<void> {
    try {
      const { number, hash } = await audit.head();
      if (number > 0) log.info({ number, hash }, `the audit ends with entry ${number}, hash ${hash}`);
    } catch (error) {
      log.warn({ err: error }, 'the end of the audit could not be written down; it is tried again tomorrow');
    }
  }

  return {
    async start() {
      undo.push(await parts.events.follow({ reader: null, onBatch: () => chainSoon() }));
      const looking = clock.every(lookEveryMs, () => void chainSoon());
      const noting = clock.every(noteHeadEveryMs, () => void noteHead());
      undo.push(
        () => looking.cancel(),
        () => noting.cancel(),
      );
      void chainSoon().then(noteHead);
    },
    async stop() {
      stopped = true;
      for (const step of undo.splice(0)) await step();
      await running?.catch(() => {});
    },
  };
}
