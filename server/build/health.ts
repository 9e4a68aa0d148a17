import type { Status } from '../contract/index.ts';
import type { JobQueue } from '../core/ports/job-queue.ts';

/** What health is read from. */
export interface HealthParts {
  /** Throws when the database does not answer. */
  ping(): Promise<void>;
  readonly queue: Pick<JobQueue, 'depth'>;
  /** The accounts this process works on: whether the broker's stream is up, and whether the books were compared. */
  links(): readonly { readonly name: string; readonly connected: boolean; readonly reconciled: boolean }[];
}

type Component = Status['health']['components'][number];

/** Each part and how it is; the whole is as its worst part. */
export async function healthOf(parts: HealthParts): Promise<Status['health']> {
  const components: Component[] = [await database(parts), await queue(parts), ...parts.links().map(broker)];
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
      return { name: 'Queue', state: 'degraded', sentence: `${failed} jobs were given up: a person must look.` };
    return { name: 'Queue', state: 'ok', sentence: waiting === 0 ? 'Nothing waits.' : `${waiting} jobs wait.` };
  } catch {
    return { name: 'Queue', state: 'down', sentence: 'Cannot be read.' };
  }
}

function broker({ name, connected, reconciled }: ReturnType<HealthParts['links']>[number]): Component {
  if (!reconciled) return { name, state: 'degraded', sentence: 'Not compared with the broker yet: new entries wait.' };
  if (!connected) return { name, state: 'degraded', sentence: 'The stream is down: polling until it is back.' };
  return { name, state: 'ok', sentence: 'Connected and compared.' };
}
