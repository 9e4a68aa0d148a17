import postgres from 'postgres';
import type { Clock, Timer } from '../../../core/ports/clock.ts';
import type { IntakeStore, NewAlert, StoreAnswer } from '../../../core/ports/intake-store.ts';
import type { JobStatements } from '../../../core/ports/job-queue.ts';
import type { Log } from '../../../core/ports/log.ts';
import { createSharedCommit } from './shared-commit.ts';
import { findParameter, findStatement, storeParameter, storeStatement } from './statements.ts';

/** Whose statement has not begun by then is told that nothing is stored, and nothing is. */
const beginWithinMs = 2000;
/** TradingView hangs up after three seconds; a 503 must be with it before, to be resent. */
const answerWithinMs = 2850;
/**
 * The database gives a statement up before its sender must be answered, so that what is told is known: one that began in time has ended
 * by then. Only a database that says nothing at all leaves it open, and then the resend is known by its identity.
 */
const statementTimeoutMs = 750;
/** A connection that has said nothing for so long is dead, whatever TCP thinks of it. */
const connectionDeadMs = 3000;
const retryMs = 50;
/** More waiting than this would not be answered in time anyway. */
const maxWaiting = 20_000;
/** Alerts in one commit: more would make the first wait for the parsing of the last. */
const maxShared = 200;
/** How often a key may be let go of and taken by another under our hands. */
const maxRounds = 5;
const askStatement = 'select $1';

interface Waiting {
  readonly alert: NewAlert;
  /** Null once it was answered. */
  answer: ((answer: StoreAnswer) => void) | null;
  /** Whether a statement that would store it is on its way: until that has ended nobody can say that it is not stored. */
  begun: boolean;
  /** It has waited too long for another statement to begin. */
  late: boolean;
}

export interface IntakeStoreOptions {
  readonly url: string;
  readonly jobs: JobStatements;
  readonly clock: Clock;
  readonly log: Log;
}

/** Alerts in PostgreSQL. It has connections of its own: a busy pool must never keep an alert waiting. */
export function createIntakeStore({ url, jobs, clock, log }: IntakeStoreOptions): IntakeStore {
  const storeText = storeStatement(jobs);
  let client = connect(url);
  const shared = createSharedCommit<Waiting>({ maxItems: maxShared, commit: commitAll });

  async function run<T extends object>(text: string, parameter: string): Promise<readonly T[]> {
    const used = client;
    const watchdog = clock.after(connectionDeadMs, () => {
      client = connect(url);
      log.warn({}, 'the database has not answered; its connection is given up');
      void used.end({ timeout: 0 }).catch(() => {});
    });
    try {
      return await used.unsafe<T[]>(text, [parameter], { prepare: true });
    } finally {
      watchdog.cancel();
    }
  }

  /** Answers each alert that can be answered; throws when the database could not be asked. */
  async function commitOnce(batch: readonly Waiting[]): Promise<void> {
    let left = batch;
    for (let round = 0; round < maxRounds && left.length > 0; round++) {
      for (const waiting of left) waiting.begun = true;
      const stored = await run<{ id: string }>(storeText, storeParameter(left.map((w) => w.alert)));
      left = settle(left, new Map(stored.map(({ id }) => [id, { kind: 'stored' }])));
      if (left.length === 0) return;
      const found = await run<{ asked: string; first: string }>(findStatement, findParameter(left.map((w) => w.alert)));
      left = settle(
        left,
        new Map(
          found.map(({ asked, first }) => [
            asked,
            asked === first ? { kind: 'stored' } : { kind: 'repeated', id: first },
          ]),
        ),
      );
    }
    for (const waiting of left) reply(waiting, { kind: 'unavailable' });
  }

  async function commitAll(batch: readonly Waiting[]): Promise<void> {
    let left = unanswered(batch);
    let isLost = false;
    while (left.length > 0) {
      try {
        if (isLost) {
          // Connecting may take long enough for some to be told meanwhile that nothing was stored: that must be true.
          await run(askStatement, '');
          left = unanswered(left);
        }
        await commitOnce(left);
      } catch (error) {
        left = given(left);
        if (isDataError(error)) await commitSingly(left, error);
        else {
          // An alert that an earlier try did store is found under its own id by the next one.
          isLost = true;
          await clock.sleep(retryMs);
        }
      }
      left = unanswered(left);
    }
  }

  /** One row the database will not take must not cost the others their commit. */
  async function commitSingly(batch: readonly Waiting[], error: unknown): Promise<void> {
    const [only] = batch;
    if (batch.length === 1 && only !== undefined) {
      log.error({ signalId: only.alert.id, err: error }, 'the database refuses an alert');
      reply(only, { kind: 'unavailable' });
      return;
    }
    for (const waiting of batch) await commitAll([waiting]);
  }

  return {
    store(alert) {
      if (shared.waiting() >= maxWaiting) return Promise.resolve({ kind: 'unavailable' });
      return new Promise((resolve) => {
        let timer: Timer | null = null;
        const waiting: Waiting = {
          alert,
          answer(answer) {
            timer?.cancel();
            resolve(answer);
          },
          ...{ begun: false, late: false },
        };
        timer = clock.after(beginWithinMs, () => {
          if (!waiting.begun) return reply(waiting, { kind: 'unavailable' });
          waiting.late = true;
          timer = clock.after(answerWithinMs - beginWithinMs, () => reply(waiting, { kind: 'unavailable' }));
        });
        shared.add(waiting);
      });
    },
    async close() {
      await shared.idle();
      await client.end({ timeout: 1 });
    },
  };
}

function connect(url: string) {
  return postgres(url, {
    max: 1,
    max_lifetime: null,
    connect_timeout: 2,
    // In seconds. Alerts are waiting: a database that is back must be found at once.
    backoff: () => retryMs / 1000,
    connection: { application_name: 'signalbox intake', statement_timeout: statementTimeoutMs },
    fetch_types: false,
    onnotice: () => {},
  });
}

const unanswered = (batch: readonly Waiting[]): Waiting[] => batch.filter((waiting) => waiting.answer !== null);

/** Those whose statement has failed: who is late is told so, as no other will be begun. Gives back the others. */
function given(batch: readonly Waiting[]): Waiting[] {
  for (const waiting of batch) {
    waiting.begun = false;
    if (waiting.late) reply(waiting, { kind: 'unavailable' });
  }
  return unanswered(batch);
}

function reply(waiting: Waiting, answer: StoreAnswer): void {
  const { answer: resolve } = waiting;
  waiting.answer = null;
  resolve?.(answer);
}

/** Answers those that have an answer, and gives back the others. */
function settle(batch: readonly Waiting[], answers: ReadonlyMap<string, StoreAnswer>): readonly Waiting[] {
  return batch.filter((waiting) => {
    const answer = answers.get(waiting.alert.id);
    if (answer !== undefined) reply(waiting, answer);
    return answer === undefined && waiting.answer !== null;
  });
}

/** SQLSTATE classes that the rows themselves cause: data, constraints, and what the server cannot read or hold. */
function isDataError(error: unknown): boolean {
  const code = (error as { code?: unknown }).code;
  return typeof code === 'string' && /^(21|22|23|42|54)[0-9A-Z]{3}$/.test(code);
}
