// A process that decides alerts by the real way of a decision: the test that starts it tells it of a database, and then which alerts to decide.
import { connectDatabase } from '../adapters/database/connect.ts';
import { openDecisionDesk } from './decision-desk.ts';

/** What it is told, and what it says. */
export type ToDecider = { readonly url: string } | { readonly decide: readonly string[] };
export type FromDecider = { readonly says: 'ready' } | { readonly says: 'decided'; readonly failed: readonly string[] };

const say = (word: FromDecider): void => void process.send!(word);
let desk: Awaited<ReturnType<typeof openDecisionDesk>> | null = null;

/** What PostgreSQL says when a statement has waited for too long: the queue takes such a job up again. */
const waitedTooLong = '57014';

/** As the queue does it: what must wait for another alert's decision, or for the account, is taken up again. */
async function decide(signalId: string): Promise<string | null> {
  for (;;) {
    try {
      if ((await desk!.process(signalId)).kind !== 'again') return null;
    } catch (error) {
      if ((error as { code?: string }).code !== waitedTooLong)
        return `${signalId}: ${error instanceof Error ? error.stack : String(error)}`;
    }
  }
}

process.on('message', async (word: ToDecider) => {
  if ('url' in word) {
    const sql = connectDatabase(word.url, { max: 4, applicationName: `decider ${process.pid}` });
    const drop = () => sql.end({ timeout: 1 });
    desk = await openDecisionDesk({ url: word.url, sql, drop, [Symbol.asyncDispose]: drop });
    say({ says: 'ready' });
    return;
  }
  // All at once: whichever comes first to the account's lock.
  const failed = await Promise.all(word.decide.map(decide));
  say({ says: 'decided', failed: failed.filter((one) => one !== null) });
});
// Whoever started it is gone.
process.on('disconnect', () => process.exit(0));
