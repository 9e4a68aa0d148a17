import type { Status } from '../contract/index.ts';
import type { Alarms } from '../core/ports/alarms.ts';
import type { JobQueue } from '../core/ports/job-queue.ts';
import type { MailboxState } from '../core/ports/mailbox-store.ts';
import type { SearchState } from '../pipeline/projections/search/sink.ts';

/** What health is read from. */
export interface HealthParts {
  /** Throws when the database does not answer. */
  ping(): Promise<void>;
  readonly queue: Pick<JobQueue, 'depth'>;
  readonly alarms: Pick<Alarms, 'open'>;
  /** How the search copy stands; null: there is none. Throws when the database does not answer. */
  readonly search: (() => Promise<SearchState>) | null;
  /** How long the worker beside this process has told nothing, in seconds; null where this process is the worker. */
  readonly silentWorkerSeconds: (() => number) | null;
  /** How the bars and calendars stand that limits look at; absent: none are kept. */
  readonly market?: () => { readonly state: 'ok' | 'degraded'; readonly sentence: string };
  /** Where alerts come by mail as well; absent: nowhere. Throws when the database does not answer. */
  mailboxes?(): Promise<readonly Pick<MailboxState, 'source' | 'settings' | 'progress'>[]>;
  /** The accounts that are worked on: whether the broker's stream is up, whether the books were compared, and how much differed. */
  links(): readonly {
    readonly name: string;
    readonly connected: boolean;
    readonly reconciled: boolean;
    readonly differences: number;
    /** What keeps it from being asked as usual: too many requests, or no answer; null: nothing. */
    readonly problem?: string | null;
  }[];
}

type Component = Status['health']['components'][number];

/** Each part and how it is; the whole is as its worst part. */
export async function healthOf(parts: HealthParts): Promise<Status['health']> {
  const components: Component[] = [await database(parts), await queue(parts), ...parts.links().map(broker)];
  if (parts.silentWorkerSeconds) components.push(worker(parts.silentWorkerSeconds()));
  if (parts.search) components.push(await search(parts.search));
  if (parts.market) components.push({ name: 'Market data', ...parts.market() });
  if (parts.mailboxes) components.push(...(await mailboxes(parts.mailboxes)));
  components.push(await alarms(parts));
  const worst = (['down', 'degraded'] as const).find((state) => components.some((one) => one.state === state));
  return { state: worst ?? 'ok', components };
}

async function database({ ping }: HealthParts): Promise<Component> {
  try {
    await ping();
    return { name: 'Database', state: 'ok', sentence: 'Answers.' };
  } catch {
    return {
      name: 'Database',
      state: 'down',
      sentence: 'Does not answer: alerts are refused with 503, and nothing is lost.',
    };
  }
}

async function queue(parts: HealthParts): Promise<Component> {
  try {
    const depth = Object.entries(await parts.queue.depth());
    const failed = depth.reduce((sum, [, one]) => sum + one.failed, 0);
    const waiting = depth.reduce((sum, [, one]) => sum + one.waiting, 0);
    if (failed > 0)
      return {
        name: 'Queue',
        state: 'degraded',
        sentence: `${failed === 1 ? 'A job was' : `${failed} jobs were`} given up: a person must look.`,
      };
    return {
      name: 'Queue',
      state: 'ok',
      sentence: waiting === 0 ? 'Nothing waits.' : waiting === 1 ? 'One job waits.' : `${waiting} jobs wait.`,
    };
  } catch {
    return { name: 'Queue', state: 'down', sentence: 'Cannot be read.' };
  }
}

/** A worker tells of something every minute at least. */
const silentWorkerSeconds = 100;

function worker(silentSeconds: number): Component {
  const name = 'Worker';
  if (silentSeconds <= silentWorkerSeconds) return { name, state: 'ok', sentence: 'At work.' };
  const sentence = `Has told nothing for ${Math.round(silentSeconds)} s. Alerts are stored, and wait; nothing is decided or sent.`;
  return { name, state: 'down', sentence };
}

/** What nobody has looked at yet, in its own words. */
async function alarms(parts: Pick<HealthParts, 'alarms'>): Promise<Component> {
  const name = 'Alarms';
  try {
    const open = await parts.alarms.open();
    const [first, ...others] = open.filter(
      (one) => one.severity === 'page' && one.acknowledgedAt === null && one.snoozedUntil === null,
    );
    if (first) {
      const more = others.length === 0 ? '' : ` And ${others.length} more.`;
      return { name, state: 'degraded', sentence: `${first.sentence}${more}` };
    }
    return {
      name,
      state: 'ok',
      sentence: open.length === 0 ? 'None is open.' : `${open.length} open, none urgent or unseen.`,
    };
  } catch {
    return { name, state: 'degraded', sentence: 'Cannot be read.' };
  }
}

/** A mailbox that is away is not the trading's trouble: the webhook is the first way in. */
async function mailboxes(list: NonNullable<HealthParts['mailboxes']>): Promise<Component[]> {
  try {
    return (await list())
      .filter(({ settings }) => settings.enabled)
      .map(({ source, progress }) => {
        const name = `Mailbox of ${source}`;
        if (progress.problem !== null)
          return { name, state: 'degraded', sentence: `${progress.problem} Alerts by mail wait in it.` } as const;
        return { name, state: 'ok', sentence: progress.readAt ? 'Is read.' : 'Is about to be read.' } as const;
      });
  } catch {
    return [{ name: 'Mailboxes', state: 'degraded', sentence: 'How they stand cannot be read.' }];
  }
}

/** How far behind the search copy may be before somebody is told. */
const searchLagSeconds = 60;

async function search(state: () => Promise<SearchState>): Promise<Component> {
  const name = 'Search';
  try {
    const { events, seconds, refused, problem } = await state();
    if (seconds > searchLagSeconds) {
      const why = problem === null ? '' : ` ${problem.replace(/\.?$/, '.')}`;
      const behind = `${events >= 100_000 ? 'Over 100,000' : events} events behind, for ${Math.round(seconds)} s.`;
      return { name, state: 'degraded', sentence: `${behind}${why} Trading does not wait for it.` };
    }
    if (refused > 0) {
      const sentence = `${refused} documents were refused by the mapping, and are kept: run npm run search:setup after the mend.`;
      return { name, state: 'degraded', sentence };
    }
    return { name, state: 'ok', sentence: 'Up to date.' };
  } catch {
    return { name, state: 'degraded', sentence: 'How far it is behind cannot be read.' };
  }
}

function broker(link: ReturnType<HealthParts['links']>[number]): Component {
  const { name, connected, reconciled, differences, problem } = link;
  if (problem) return { name, state: 'degraded', sentence: problem };
  if (!reconciled) return { name, state: 'degraded', sentence: 'Not compared with the broker yet: new entries wait.' };
  if (!connected) return { name, state: 'degraded', sentence: 'The stream is down: polling until it is back.' };
  if (differences > 0) {
    const what = differences === 1 ? 'One thing differs' : `${differences} things differ`;
    const sentence = `${what} between the broker and our books: the page of the account lists what.`;
    return { name, state: 'degraded', sentence };
  }
  return { name, state: 'ok', sentence: 'Connected and compared.' };
}
