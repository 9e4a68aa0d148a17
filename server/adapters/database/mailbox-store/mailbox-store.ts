import type postgres from 'postgres';
import type { NewEvent } from '../../../core/model/event.ts';
import { mailRefusals } from '../../../core/model/mail.ts';
import type { Clock } from '../../../core/ports/clock.ts';
import type { MailboxSettings, MailboxState, MailboxStore, MailRecord } from '../../../core/ports/mailbox-store.ts';
import type { Random } from '../../../core/ports/random.ts';
import { appendEvents, type Statements } from '../event-reader/append-events.ts';

export interface MailboxStoreOptions {
  readonly sql: postgres.Sql;
  readonly clock: Clock;
  readonly random: Random;
  /** Encrypts the password; bound to its source. */
  readonly secretBox: { seal(secret: string, owner: string): string; open(sealed: string, owner: string): string };
  /** Called after each commit that stored events. */
  readonly committed?: () => void;
}

/** Of a mailbox, so many mails are kept as a list; the alerts among them are kept as signals. */
const keptMails = 500;

interface Row {
  readonly webhookId: string;
  readonly source: string;
  readonly settings: MailboxSettings;
  readonly version: string;
  readonly uidValidity: string | null;
  readonly lastUid: string;
  readonly readAt: Date | null;
  readonly problem: string | null;
  readonly problemSince: Date | null;
  readonly readsFrom: Date;
  readonly changedBy: string;
  readonly changedAt: Date;
}

/** Mailboxes in PostgreSQL. */
export function createMailboxStore(options: MailboxStoreOptions): MailboxStore {
  const { sql, clock, random, secretBox, committed } = options;

  const select = (only: string | null) => sql<Row[]>`
    select m.webhook_id as "webhookId", t.source, m.settings, m.version, m.uid_validity as "uidValidity", m.last_uid::text as "lastUid",
      m.read_at as "readAt", m.problem, m.problem_since as "problemSince", m.reads_from as "readsFrom",
      m.changed_by as "changedBy", m.changed_at as "changedAt"
    from mailboxes m join webhook_tokens t on t.id = m.webhook_id
    where t.revoked_at is null ${only === null ? sql`` : sql`and m.webhook_id = ${only}`}
    order by t.source, m.webhook_id`;

  return {
    list: async () => (await select(null)).map(toState),
    async find(webhookId) {
      const [row] = await select(webhookId);
      return row ? toState(row) : null;
    },
    async password(webhookId) {
      const [row] = await sql<{ sealed: string }[]>`
        select password_encrypted as sealed from mailboxes where webhook_id = ${webhookId}`;
      return row ? openFor(secretBox, row.sealed, webhookId) : null;
    },
    async put(webhookId, settings, password, by) {
      const done = await sql.begin(async (tx) => {
        const [source] = await tx<{ source: string; name: string }[]>`
          select source, name from webhook_tokens where id = ${webhookId} and revoked_at is null and source <> 'dashboard' for update`;
        if (!source) return false;
        const [before] = await tx<{ settings: MailboxSettings; sealed: string }[]>`
          select settings, password_encrypted as sealed from mailboxes where webhook_id = ${webhookId}`;
        const sealed = password === null ? before?.sealed : secretBox.seal(password, ownerOf(webhookId));
        if (sealed === undefined) return false;
        const now = clock.now();
        const isSameBox = before !== undefined && boxOf(before.settings) === boxOf(settings);
        await tx`
          insert into mailboxes (webhook_id, settings, password_encrypted, version, reads_from, changed_by, changed_at)
          values (${webhookId}, ${json(settings)}, ${sealed}, ${random.id()}, ${now}, ${by}, ${now})
          on conflict (webhook_id) do update set settings = excluded.settings, password_encrypted = excluded.password_encrypted,
            version = excluded.version, changed_by = excluded.changed_by, changed_at = excluded.changed_at,
            problem = null, problem_since = null,
            reads_from = case when ${isSameBox} then mailboxes.reads_from else excluded.reads_from end,
            uid_validity = case when ${isSameBox} then mailboxes.uid_validity end,
            last_uid = case when ${isSameBox} then mailboxes.last_uid else 0 end,
            read_at = case when ${isSameBox} then mailboxes.read_at end`;
        await appendEvents(tx, [
          {
            kind: 'source.mailbox_changed',
            data: {
              webhookId,
              ...source,
              from: before ? told(before.settings) : null,
              to: told(settings),
              newPassword: password !== null,
              by,
            },
          },
        ]);
        return true;
      });
      if (!done) return null;
      committed?.();
      const [row] = await select(webhookId);
      return row ? toState(row) : null;
    },
    async remove(webhookId, by) {
      const done = await sql.begin(async (tx) => {
        const [row] = await tx<{ source: string; name: string; settings: MailboxSettings }[]>`
          delete from mailboxes m using webhook_tokens t where m.webhook_id = ${webhookId} and t.id = m.webhook_id
          returning t.source, t.name, m.settings`;
        if (!row) return false;
        await tx`delete from mailbox_mails where webhook_id = ${webhookId}`;
        const { settings, ...source } = row;
        await appendEvents(tx, [
          { kind: 'source.mailbox_changed', data: { webhookId, ...source, from: told(settings), to: null, by } },
        ]);
        return true;
      });
      if (done) committed?.();
      return done;
    },
    async lease(webhookId, owner, seconds) {
      const taken = await sql`
        update mailboxes set lease_owner = ${owner}, lease_until = now() + make_interval(secs => ${seconds})
        where webhook_id = ${webhookId} and (lease_until is null or lease_until <= now() or lease_owner = ${owner})`;
      return taken.count > 0;
    },
    async release(webhookId, owner) {
      await sql`update mailboxes set lease_until = null, lease_owner = null where webhook_id = ${webhookId} and lease_owner = ${owner}`;
    },
    async settled(webhookId, { uidValidity, uid, arrivedAt, outcome }) {
      const told = outcome.kind === 'refused';
      const detail = outcome.kind === 'refused' || outcome.kind === 'unusable' ? outcome.detail : null;
      const code = outcome.kind === 'refused' || outcome.kind === 'unusable' ? outcome.code : null;
      const signalId = 'signalId' in outcome ? outcome.signalId : null;
      const isNew = await sql.begin(async (tx) => {
        const kept = await tx`
          insert into mailbox_mails (webhook_id, uid_validity, uid, at, arrived_at, outcome, code, detail, signal_id)
          select ${webhookId}, ${uidValidity}, ${uid}, ${clock.now()}, ${arrivedAt}, ${outcome.kind}, ${code},
            ${detail?.slice(0, 500) ?? null}, ${signalId}
          where exists (select from mailboxes where webhook_id = ${webhookId})
          on conflict do nothing`;
        await advance(tx, webhookId, uidValidity, uid);
        if (kept.count === 0) return false;
        await tx`
          delete from mailbox_mails where webhook_id = ${webhookId} and at < (
            select at from mailbox_mails where webhook_id = ${webhookId} order by at desc offset ${keptMails} limit 1)`;
        if (told) await appendEvents(tx, [await refusalEvent(tx, webhookId, { uid, arrivedAt, ...outcome })]);
        return told;
      });
      if (isNew) committed?.();
    },
    advanced: (webhookId, uidValidity, lastUid) => advance(sql, webhookId, uidValidity, lastUid),
    async reported(webhookId, problem) {
      const now = clock.now();
      if (problem === null)
        await sql`update mailboxes set read_at = ${now}, problem = null, problem_since = null where webhook_id = ${webhookId}`;
      else
        await sql`
          update mailboxes set problem = ${problem.slice(0, 500)}, problem_since = coalesce(problem_since, ${now}) where webhook_id = ${webhookId}`;
    },
    async mails(webhookId, limit) {
      const rows = await sql<(Omit<MailRecord, 'uid'> & { uid: string })[]>`
        select uid::text, at, arrived_at as "arrivedAt", outcome, code, detail, signal_id as "signalId"
        from mailbox_mails where webhook_id = ${webhookId} order by at desc, uid desc limit ${limit}`;
      return rows.map((row) => ({ ...row, uid: Number(row.uid) }));
    },
  };

  function json(value: unknown) {
    return sql.json(value as postgres.JSONValue);
  }
}

/** Never backwards within the ids of one box. */
async function advance(tx: Statements, webhookId: string, uidValidity: string, uid: number): Promise<void> {
  await tx`
    update mailboxes set uid_validity = ${uidValidity},
      last_uid = case when uid_validity = ${uidValidity} then greatest(last_uid, ${uid}) else ${uid} end
    where webhook_id = ${webhookId}`;
}

async function refusalEvent(
  tx: Statements,
  webhookId: string,
  mail: { uid: number; arrivedAt: Date; code: keyof typeof mailRefusals; detail: string | null },
): Promise<NewEvent> {
  const [source] = await tx<{ source: string; name: string }[]>`
    select source, name from webhook_tokens where id = ${webhookId}`;
  const { uid, arrivedAt, code, detail } = mail;
  const sentence = `${mailRefusals[code]}${detail === null ? '' : ` (${detail})`}.`;
  return {
    kind: 'source.mail_refused',
    data: {
      webhookId,
      source: source?.source ?? null,
      name: source?.name ?? null,
      uid,
      arrivedAt: arrivedAt.toISOString(),
      code,
      sentence,
    },
  };
}

function openFor(box: MailboxStoreOptions['secretBox'], sealed: string, webhookId: string): string {
  try {
    return box.open(sealed, ownerOf(webhookId));
  } catch {
    throw new Error('The password of the mailbox was encrypted with another key (SIGNALBOX_KEY). Enter it again.');
  }
}

const ownerOf = (webhookId: string): string => `mailbox of ${webhookId}`;
/** Ids of mails mean something within one folder of one user. */
const boxOf = ({ host, port, user, folder }: MailboxSettings): string => JSON.stringify([host, port, user, folder]);
/** What an event tells: no certificate, which is long. */
const told = ({ authority, ...settings }: MailboxSettings) => ({ ...settings, ownAuthority: authority !== null });

function toState(row: Row): MailboxState {
  const { webhookId, source, settings, version, changedBy, changedAt, readsFrom, lastUid, ...progress } = row;
  return {
    ...{ webhookId, source, settings, version, changedBy, changedAt },
    progress: { ...progress, lastUid: Number(lastUid), readsFrom },
  };
}
