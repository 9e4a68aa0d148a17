import type { Metrics } from '../core/ports/metrics.ts';
import type { MailboxDesk } from '../http/mailbox-desk.ts';
import { createMailIntake, type MailIntakeParts } from '../pipeline/intake/mail/mail-intake.ts';
import { createMailboxReaders, type MailboxReaders } from '../platform/mailboxes/mailbox-readers.ts';
import { createMailboxDesk } from './mailbox-desk.ts';
import type { Parts } from './parts.ts';

/** Alerts by mail: how they are taken in, who reads the boxes, and who sets them. */
export function createMailWork(
  parts: Pick<Parts, 'stores' | 'tokens' | 'mailboxes' | 'alarms' | 'settings' | 'clock' | 'random' | 'log'> & {
    readonly metrics: Metrics;
    readonly dialects: MailIntakeParts['dialects'];
    readonly onAccepted: () => void;
  },
): { readonly desk: MailboxDesk; readonly readers: MailboxReaders } {
  const { stores, tokens, mailboxes } = parts;
  const { proofs } = stores;
  const intake = createMailIntake({
    ...parts,
    store: stores.intake,
    proofs,
    recordings: stores.recordings,
    signs: stores.signs,
  });
  return {
    desk: createMailboxDesk({
      store: stores.mailboxes,
      tokens,
      proofs,
      mailboxes,
      mailIntake: intake,
      clock: parts.clock,
    }),
    readers: createMailboxReaders({ ...parts, store: stores.mailboxes, receiveMail: intake.receiveMail }),
  };
}
