import type { MailboxWish } from '../../contract/index.ts';
import { addressText, readAddress } from '../../core/net/address.ts';
import type { MailboxAddress } from '../../core/ports/mailbox.ts';
import type { MailboxSettings } from '../../core/ports/mailbox-store.ts';

/** What is wrong with a wish: the field, and a sentence. */
export interface WishProblem {
  readonly field: string;
  readonly message: string;
}

/** The first thing that keeps a mailbox from being set so; null: nothing. */
export function wishProblem(wish: MailboxWish): WishProblem | null {
  if (wish.security === 'none' && !isLoopback(wish.host))
    return {
      field: 'security',
      message:
        'without TLS the password and the alerts could be read and changed on the way; that is done on this machine only (127.0.0.1, ::1, localhost)',
    };
  if (wish.authServer !== null && wish.recipients.length === 0)
    return {
      field: 'recipients',
      message:
        'give the address that TradingView sends your alerts to: that a mail is TradingView’s does not say that it is yours, as anybody can have an account there',
    };
  if (wish.authority !== null && !/-----BEGIN CERTIFICATE-----/.test(wish.authority))
    return { field: 'authority', message: 'expected a certificate, as PEM' };
  if (wish.moveTo !== null && wish.moveTo === wish.folder)
    return { field: 'moveTo', message: 'expected another folder than the one that is read' };
  return null;
}

/** Whether a host is this machine, whatever a name server says. */
function isLoopback(host: string): boolean {
  if (host.toLowerCase() === 'localhost') return true;
  const address = readAddress(host);
  if (address === null) return false;
  const shown = addressText(address);
  return shown === '::1' || /^127\./.test(shown);
}

/** The settings of a wish, and its password; null: the one there is stays. */
export function settingsOf({ password, ...settings }: MailboxWish): {
  settings: MailboxSettings;
  password: string | null;
} {
  return { settings, password: password ?? null };
}

export const addressOf = (settings: MailboxSettings, password: string): MailboxAddress => {
  const { host, port, security, authority, user, folder } = settings;
  return { host, port, security, authority, user, folder, password };
};
