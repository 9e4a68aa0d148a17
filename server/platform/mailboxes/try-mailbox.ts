import type { MailboxTried } from '../../contract/index.ts';
import { counted } from '../../core/counted.ts';
import { type AlertMail, mailRefusals } from '../../core/model/mail.ts';
import { signalToJson, type TradeSignal } from '../../core/model/signal.ts';
import type { Clock } from '../../core/ports/clock.ts';
import {
  type Mailboxes,
  MailboxProblem,
  type MailboxSession,
  type MailHead,
  UnreadableMail,
} from '../../core/ports/mailbox.ts';
import type { MailboxSettings } from '../../core/ports/mailbox-store.ts';
import { addressOf } from './mailbox-settings.ts';
import { maxMailBytes } from './read-box.ts';

/** How far back is looked, and how many mails are shown. */
const lookBackDays = 7;
const shownMails = 5;

export interface TryMailboxParts {
  readonly mailboxes: Mailboxes;
  readonly clock: Pick<Clock, 'now'>;
  readonly tryMail: (mail: AlertMail) => Promise<{
    readonly alert: string | null;
    readonly signal: TradeSignal | null;
    readonly problem: { readonly code: string; readonly detail: string | null } | null;
  }>;
}

/** Opens a mailbox, looks what is there, and says it. Stores, marks and moves nothing. */
export async function tryMailbox(
  { mailboxes, clock, tryMail }: TryMailboxParts,
  webhookId: string,
  settings: MailboxSettings,
  password: string,
): Promise<MailboxTried> {
  let session: MailboxSession | null = null;
  try {
    session = await mailboxes.open(addressOf(settings, password), { onNews() {}, onLost() {} });
    const opened = session;
    const since = new Date(clock.now().getTime() - lookBackDays * 86_400_000);
    const heads = await opened.list({ since });
    const ours = heads.filter(({ from }) => from.some((sender) => settings.senders.includes(sender)));
    const folders = await opened.folders();
    const sentences = [
      `Connected to ${settings.host} as ${settings.user}, folder ${settings.folder}.`,
      `${counted(heads.length, 'mail')} of the last ${lookBackDays} days ${heads.length === 1 ? 'is' : 'are'} there, ${ours.length} of them from ${settings.senders.join(', ')}.`,
    ];
    if (settings.moveTo !== null && !folders.includes(settings.moveTo))
      sentences.push(`There is no folder ${settings.moveTo} to move mails to: make it, or they stay.`);
    if (ours.length === 0)
      sentences.push('Let an alert fire that is sent by mail, and try again: what is taken out of it is shown here.');
    const shown = ours.slice(-shownMails).reverse();
    const mails: MailboxTried['mails'] = [];
    for (const head of shown) mails.push(await look(opened, head));
    return { ok: true, sentences, folders: [...folders], mails };
  } catch (error) {
    if (!(error instanceof MailboxProblem)) throw error;
    return { ok: false, sentences: [error.message], folders: [], mails: [] };
  } finally {
    await session?.close().catch(() => {});
  }

  async function look(
    from: MailboxSession,
    { uid, arrivedAt, bytes }: MailHead,
  ): Promise<MailboxTried['mails'][number]> {
    const about = { uid, arrivedAt: arrivedAt.toISOString(), subject: null, alert: null, signal: null };
    if (bytes > maxMailBytes) return { ...about, sentence: `Refused: ${mailRefusals.MAIL_TOO_LARGE}.` };
    try {
      const mail = await from.read(uid);
      if (mail === null) return { ...about, sentence: 'It is gone.' };
      const { alert, signal, problem } = await tryMail({
        webhookId,
        mailId: 'trial',
        mail,
        arrivedAt,
        rules: settings,
      });
      return {
        ...about,
        subject: mail.subject?.slice(0, 200) ?? null,
        alert,
        signal: signal && { ...signalToJson(signal) },
        sentence:
          problem === null ? 'It would be taken, unless its webhook was first.' : `Refused: ${sentenceOf(problem)}`,
      };
    } catch (error) {
      if (!(error instanceof UnreadableMail)) throw error;
      return { ...about, sentence: `Refused: ${mailRefusals.MAIL_UNREADABLE}.` };
    }
  }
}

/** A refusal of a mail in words; that of an alert has its own. */
export function sentenceOf({ code, detail }: { readonly code: string; readonly detail: string | null }): string {
  if (!Object.hasOwn(mailRefusals, code)) return detail ?? code;
  const said = mailRefusals[code as keyof typeof mailRefusals];
  return detail === null ? `${said}.` : `${said} (${detail}).`;
}
