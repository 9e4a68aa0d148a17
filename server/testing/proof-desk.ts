import { getConnInfo } from '@hono/node-server/conninfo';
import { systemRandom as random } from '../adapters/clock/system-random.ts';
import { createSecretBox } from '../adapters/database/account-store/secret-box.ts';
import { connectDatabase } from '../adapters/database/connect.ts';
import { createIntakeStore } from '../adapters/database/intake-store/intake-store.ts';
import { createWebhookTokens } from '../adapters/database/intake-store/webhook-tokens.ts';
import { createProofStore } from '../adapters/database/proof-store/proof-store.ts';
import { createRecordingStore } from '../adapters/database/recording-store/recording-store.ts';
import { createPgBossQueue } from '../adapters/queue/pg-boss-queue.ts';
import { defaultSettings } from '../core/model/settings.ts';
import { readBlock } from '../core/net/address.ts';
import type { Clock } from '../core/ports/clock.ts';
import { hookRoutes } from '../http/hooks.ts';
import { tradersPostRoutes } from '../http/traders-post.ts';
import { listen } from '../main/listen.ts';
import { createIntake } from '../pipeline/intake/intake.ts';
import { loadDialects } from '../pipeline/intake/load-dialects.ts';
import { createFailedProofs } from '../pipeline/intake/proofs/failed-proofs.ts';
import { quietLog as log } from './quiet-log.ts';

/** 32 bytes as base64: the same in every process of a test, as in every process of an instance. */
const key = Buffer.alloc(32, 7).toString('base64');

/** What takes alerts in, as a process of its own would: over HTTP on a free port, on a real database. */
export async function openProofDesk(url: string, clock: Clock, trusted: readonly string[] = []) {
  const sql = connectDatabase(url, { max: 3, applicationName: 'proof desk' });
  const queue = await createPgBossQueue({ url, clock, random, log });
  const store = createIntakeStore({ url, jobs: queue, clock, log });
  const tokens = createWebhookTokens({ sql, clock, random });
  const proofs = createProofStore({
    ...{ sql, clock, random, log },
    secretBox: createSecretBox(key),
    rotated: () => tokens.refresh(),
  });
  const recordings = createRecordingStore({ sql, clock, switched: () => tokens.refresh() });
  const raised: string[] = [];
  const failed = createFailedProofs({
    alarms: {
      async raise(alarm) {
        raised.push(alarm.key);
      },
      async clear() {},
    },
    clock,
    log,
  });
  const settings = { ...defaultSettings, intake: { ...defaultSettings.intake, ratePerSecond: 1000, burst: 1000 } };
  const judged: string[] = [];
  const intake = createIntake({
    signs: { beat: async () => {} },
    metrics: { proofJudged: (proof, outcome) => void judged.push(`${proof} ${outcome}`) },
    ...{ store, tokens, proofs, clock, random, log },
    failedProofs: failed,
    trustedProxies: trusted.map((text) => readBlock(text)!),
    settings: { current: () => settings },
    dialects: await loadDialects(),
    recordings,
    onAccepted: () => {},
  });
  const app = hookRoutes({ intake, connectionOf: getConnInfo }).route(
    '/',
    tradersPostRoutes({ intake, webhooks: tokens, connectionOf: getConnInfo }),
  );
  const listening = await listen('127.0.0.1', 0);
  listening.serve((request, bindings) => app.fetch(request, bindings));
  return {
    sql,
    tokens,
    proofs,
    recordings,
    failed,
    /** What each proof that was asked for came to. */
    judged,
    raised,
    port: listening.port,
    async close() {
      listening.server.closeAllConnections();
      await listening.close();
      await store.close();
      await queue.stop();
      await sql.end({ timeout: 1 });
    },
  };
}
export type ProofDesk = Awaited<ReturnType<typeof openProofDesk>>;
