import type { AlertMail, Mail, MailOutcome } from '../../core/model/mail.ts';
import type { Log } from '../../core/ports/log.ts';
import { MailboxProblem, type MailboxSession, type MailHead, UnreadableMail } from '../../core/ports/mailbox.ts';
import type { MailboxState, MailboxStore } from '../../core/ports/mailbox-store.ts';
import type { Metrics } from '../../core/ports/metrics.ts';

/** A mail with pictures is a tenth of that; what is larger is not read. */
export const maxMailBytes = 1024 * 1024;
/** The clocks of the box and ours may differ by so much, so that no mail of the minute in which the box was set is missed. */
const skewMs = 60_000;
const dayMs = 86_400_000;

export interface ReadBoxParts {
  readonly store: Pick<MailboxStore, 'find' | 'settled' | 'advanced' | 'reported'>;
  readonly receiveMail: (mail: AlertMail) => Promise<MailOutcome>;
  readonly metrics: Pick<Metrics, 'mailRead'>;
  readonly log: Log;
}

/** What a reading came to. */
export interface Reading {
  /** After how long it has to be gone on with, because an alert could not be stored; null: the box is read to its end. */
  readonly retryAfterMs: number | null;
}

/**
 * Reads what is new in an open box, oldest first. A mail is done with when what became of it is durable, and only then marked or moved in the box; the
 * place reached is stored with it, so that a process that dies in between begins where it was, and reads one mail twice at most: its alert has the
 * same identity, and counts once. A mail that cannot be read stops none after it. Throws a `MailboxProblem` when the box does not answer.
 */
export async function readBox(
  { store, receiveMail, metrics, log }: ReadBoxParts,
  session: MailboxSession,
  box: MailboxState,
  stopped: () => boolean,
): Promise<Reading> {
  const { webhookId, settings } = box;
  const known = (await store.find(webhookId))?.progress ?? box.progress;
  const { uidValidity } = session;
  const isSame = known.uidValidity === uidValidity;
  // Ids that begin anew say nothing of what was read: then the time does, generously, as a mail read twice counts once.
  const since = new Date(Math.max(known.readsFrom.getTime() - skewMs, (known.readAt?.getTime() ?? 0) - dayMs));
  const heads = await session.list(isSame ? { afterUid: known.lastUid } : { since });
  let passed = isSame ? known.lastUid : 0;

  for (const head of heads) {
    if (stopped()) return { retryAfterMs: null };
    const isOurs = head.from.some((sender) => settings.senders.includes(sender)) && head.arrivedAt >= since;
    if (isOurs) {
      const outcome = await judge(head);
      if (outcome !== null) {
        metrics.mailRead(outcome.kind);
        if (outcome.kind === 'later') {
          if (passed > 0) await store.advanced(webhookId, uidValidity, passed);
          return { retryAfterMs: outcome.retryAfterMs };
        }
        await store.settled(webhookId, { uidValidity, uid: head.uid, arrivedAt: head.arrivedAt, outcome });
        if (outcome.kind !== 'refused') await mark(head.uid);
      }
    }
    passed = head.uid;
  }
  if (passed > (isSame ? known.lastUid : -1)) await store.advanced(webhookId, uidValidity, passed);
  await store.reported(webhookId, null);
  return { retryAfterMs: null };

  /** Null: it is gone. */
  async function judge({ uid, bytes, arrivedAt }: MailHead): Promise<MailOutcome | null> {
    if (bytes > maxMailBytes) return { kind: 'refused', code: 'MAIL_TOO_LARGE', detail: `${bytes} bytes` };
    let mail: Mail | null;
    try {
      mail = await session.read(uid);
    } catch (error) {
      if (!(error instanceof UnreadableMail)) throw error;
      return { kind: 'refused', code: 'MAIL_UNREADABLE', detail: error.message };
    }
    if (mail === null) return null;
    const mailId = mail.messageId ?? `${uidValidity}:${uid}`;
    return receiveMail({ webhookId, mailId, mail, arrivedAt, rules: settings });
  }

  /** What is told to the box is for people who look into it: when it fails, nothing is lost. */
  async function mark(uid: number): Promise<void> {
    try {
      await session.settle(uid, settings.moveTo);
    } catch (error) {
      if (!(error instanceof MailboxProblem)) throw error;
      log.warn({ webhookId, uid, problem: error.message }, 'a mail that was read could not be marked or moved');
    }
  }
}
