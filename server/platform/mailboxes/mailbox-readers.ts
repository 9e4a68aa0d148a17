import type { Alarms } from '../../core/ports/alarms.ts';
import type { Clock } from '../../core/ports/clock.ts';
import { type Mailboxes, MailboxProblem, type MailboxSession } from '../../core/ports/mailbox.ts';
import type { MailboxState, MailboxStore } from '../../core/ports/mailbox-store.ts';
import type { Random } from '../../core/ports/random.ts';
import { type ReadBoxParts, readBox } from './read-box.ts';

/** How often boxes are looked for, leases prolonged, and alarms looked at. */
const tickMs = 5000;
/** A process that dies is succeeded after this at the latest. */
const leaseSeconds = 20;
/** A server tells at once what is new; this is for one that does not. */
const pollMs = 15_000;
const firstPauseMs = 1000;
const longestPauseMs = 60_000;

export interface MailboxReadersParts extends Omit<ReadBoxParts, 'store'> {
  readonly store: MailboxStore;
  readonly mailboxes: Mailboxes;
  readonly alarms: Pick<Alarms, 'raise' | 'clear'>;
  readonly clock: Clock;
  readonly random: Random;
}

/** The readers of all mailboxes that this process has the lease of. */
export interface MailboxReaders {
  start(): void;
  /** A mailbox was set, changed or removed. */
  kick(): void;
  stop(): Promise<void>;
}

interface Reader {
  readonly version: string;
  stop(): Promise<void>;
}

/** One reader a box over all processes, by a lease; two for a moment do no harm, as an alert counts once whoever reads its mail. */
export function createMailboxReaders(parts: MailboxReadersParts): MailboxReaders {
  const { store, alarms, clock, random, log } = parts;
  const owner = random.id();
  const readers = new Map<string, Reader>();
  const alarmed = new Set<string>();
  let ended = false;
  let turn: Promise<void> = Promise.resolve();
  let timer: { cancel(): void } | null = null;

  async function look(): Promise<void> {
    const boxes = await store.list();
    const wanted = boxes.filter(({ settings }) => settings.enabled);
    for (const [webhookId, reader] of readers)
      if (wanted.find((box) => box.webhookId === webhookId)?.version !== reader.version) await leave(webhookId, reader);
    for (const box of wanted) {
      if (ended) return;
      const isHeld = await store.lease(box.webhookId, owner, leaseSeconds);
      const reader = readers.get(box.webhookId);
      if (!isHeld && reader) await leave(box.webhookId, reader);
      if (isHeld && !reader) readers.set(box.webhookId, startReader(parts, box));
    }
    await alarm(boxes);
  }

  async function leave(webhookId: string, reader: Reader): Promise<void> {
    readers.delete(webhookId);
    await reader.stop();
    await store.release(webhookId, owner);
  }

  async function alarm(boxes: readonly MailboxState[]): Promise<void> {
    const failing = new Map<string, MailboxState>();
    for (const box of boxes) {
      const { problemSince } = box.progress;
      const forMs = problemSince === null ? 0 : clock.now().getTime() - problemSince.getTime();
      if (box.settings.enabled && problemSince !== null && forMs >= box.settings.alarmMinutes * 60_000)
        failing.set(keyOf(box.webhookId), box);
    }
    for (const [key, { source, settings, progress }] of failing) {
      await alarms.raise({
        key,
        kind: 'mailbox.unread',
        severity: 'warn',
        sentence: `The mailbox of the source ${source} has not been read for ${settings.alarmMinutes} minutes and more: ${progress.problem} Alerts by mail wait in it; those by webhook go on.`,
        data: { source, since: progress.problemSince!.toISOString() },
      });
      alarmed.add(key);
    }
    // One that was raised before a restart ends here as well.
    for (const { webhookId } of boxes) {
      const key = keyOf(webhookId);
      if (failing.has(key) || !(alarmed.has(key) || readers.has(webhookId))) continue;
      await alarms.clear(key, 'The mailbox is read again.');
      alarmed.delete(key);
    }
    const there = new Set(boxes.map(({ webhookId }) => keyOf(webhookId)));
    for (const key of [...alarmed].filter((one) => !there.has(one))) {
      await alarms.clear(key, 'The mailbox was removed.');
      alarmed.delete(key);
    }
  }

  const inTurn = (work: () => Promise<void>): Promise<void> => {
    turn = turn.then(work, work).catch((error: unknown) => {
      log.warn({ err: error }, 'the mailboxes could not be looked at; the next time will do');
    });
    return turn;
  };
  const kick = (): void => void (ended ? undefined : inTurn(look));

  return {
    start() {
      timer = clock.every(tickMs, kick);
      kick();
    },
    kick,
    async stop() {
      ended = true;
      timer?.cancel();
      await inTurn(async () => {
        await Promise.all([...readers].map(([webhookId, reader]) => leave(webhookId, reader)));
      });
    },
  };
}

const keyOf = (webhookId: string): string => `mailbox.unread:${webhookId}`;

/** Reads a box until it is stopped: connects, reads, waits for news, and connects anew, after longer pauses while it fails. */
function startReader(parts: MailboxReadersParts, box: MailboxState): Reader {
  const { store, mailboxes, clock, random, log } = parts;
  const { webhookId, settings, version } = box;
  const stopping = new AbortController();
  const isStopped = (): boolean => stopping.signal.aborted;
  let wake: AbortController | null = null;
  let hasNews = false;
  let lost: string | null = null;

  /** Until there is news, or the time is over. */
  async function rest(ms: number): Promise<void> {
    if (hasNews || isStopped()) return;
    wake = new AbortController();
    await clock.sleep(ms, AbortSignal.any([wake.signal, stopping.signal])).catch(() => {});
    wake = null;
  }
  const rouse = (): void => {
    hasNews = true;
    wake?.abort();
  };

  async function connected(session: MailboxSession, works: () => void): Promise<void> {
    while (!isStopped()) {
      hasNews = false;
      const { retryAfterMs } = await readBox(parts, session, box, isStopped);
      works();
      if (retryAfterMs !== null) await clock.sleep(retryAfterMs, stopping.signal).catch(() => {});
      else await rest(pollMs);
      if (lost !== null) throw new MailboxProblem(lost);
      if (!isStopped() && !hasNews) await session.check();
    }
  }

  async function run(): Promise<void> {
    let pauseMs = firstPauseMs;
    while (!isStopped()) {
      let session: MailboxSession | null = null;
      lost = null;
      try {
        const password = await store.password(webhookId);
        if (password === null) return;
        session = await mailboxes.open(
          { ...settings, password },
          {
            onNews: rouse,
            onLost(problem) {
              lost = problem;
              rouse();
            },
          },
        );
        await connected(session, () => {
          pauseMs = firstPauseMs;
        });
      } catch (error) {
        const problem = error instanceof Error ? error.message : String(error);
        if (!(error instanceof MailboxProblem)) log.warn({ err: error, webhookId }, 'a mailbox could not be read');
        else log.info({ webhookId, problem }, 'a mailbox does not answer; it is tried again');
        // With the database away it cannot be told, and the next time will do.
        await store.reported(webhookId, problem).catch(() => {});
      } finally {
        await session?.close().catch(() => {});
      }
      hasNews = false;
      await rest(pauseMs * (0.5 + random.fraction() / 2));
      pauseMs = Math.min(longestPauseMs, pauseMs * 2);
    }
  }

  const running = run();
  return {
    version,
    async stop() {
      stopping.abort();
      await running;
    },
  };
}
