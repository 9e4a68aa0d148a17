import type { RecordingJson, RecordingWhole, SandboxJson } from '../contract/recordings.ts';
import type { NamedRecording, RecordingStore, SandboxState } from '../core/ports/recordings.ts';
import type { WebhookTokens } from '../core/ports/webhook-tokens.ts';
import type { RecordingDesk } from '../http/recording-desk.ts';
import type { Dialect } from '../pipeline/intake/dialect.ts';
import { type ReadAs, type Verdict, verdictOf } from '../pipeline/intake/recorder/fixture-of.ts';

export interface RecordingDeskParts {
  readonly store: Omit<RecordingStore, 'record'>;
  readonly tokens: Pick<WebhookTokens, 'list'>;
  readonly dialects: readonly Dialect[];
}

/** Shows recordings with what the reader, as it is set today, makes of them. */
export function createRecordingDesk({ store, tokens, dialects }: RecordingDeskParts): RecordingDesk {
  /** How each source reads; of one that was ended, by shape. */
  async function reading(): Promise<(recording: NamedRecording) => Verdict> {
    const sources = new Map<string, ReadAs>(
      (await tokens.list()).map(({ id, dialect, reading = null }) => [id, { dialect, reading }]),
    );
    return (one) => verdictOf(one, sources.get(one.webhookId) ?? { dialect: null, reading: null }, dialects);
  }
  async function withVerdict(id: string): Promise<{ found: NamedRecording; verdict: Verdict } | null> {
    const found = await store.find(id);
    return found && { found, verdict: (await reading())(found) };
  }

  return {
    sandboxes: async () => (await store.sandboxes()).map(sandboxToJson),
    async switch(webhookId, on, by) {
      const state = await store.switch(webhookId, on, by);
      return state && sandboxToJson(state);
    },
    async list({ source, ...query }) {
      const [{ items, next }, verdict] = await Promise.all([store.list({ ...query, webhookId: source }), reading()]);
      return { items: items.map((one) => recordingToJson(one, verdict(one))), next };
    },
    async find(id): Promise<RecordingWhole | null> {
      const one = await withVerdict(id);
      if (one === null) return null;
      const bodyBase64 = Buffer.from(one.found.body).toString('base64');
      return { ...recordingToJson(one.found, one.verdict), bodyBase64 };
    },
    async fixture(id) {
      const one = await withVerdict(id);
      return one && { dialect: one.verdict.dialect, fixture: one.verdict.fixture };
    },
    remove: (id) => store.remove(id),
  };
}

const sandboxToJson = ({ since, ...rest }: SandboxState): SandboxJson => ({
  ...rest,
  since: since?.toISOString() ?? null,
});

const recordingToJson = (one: NamedRecording, verdict: Verdict): RecordingJson => ({
  id: one.id,
  webhookId: one.webhookId,
  source: one.source,
  sourceName: one.sourceName,
  receivedAt: one.receivedAt.toISOString(),
  address: one.address,
  headers: { ...one.headers },
  contentEncoding: one.headers['content-encoding'] ?? null,
  sizeBytes: one.sizeBytes,
  text: verdict.body.text,
  isText: verdict.body.problem === null,
  dialect: verdict.dialect,
  signal: verdict.signal && { ...verdict.signal },
  code: verdict.code,
  problems: [...verdict.problems],
});
