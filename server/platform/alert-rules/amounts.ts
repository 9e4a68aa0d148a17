import { type Big, type Money, money, text } from '../../core/decimal.ts';
import type { Looked } from './kind.ts';
import type { AccountReading, AlertReadings } from './readings.ts';

type Unreadable = Extract<Looked, { kind: 'unreadable' }>;

/** An amount to the cent: "−1250.00 USD". */
export const shownAmount = (amount: Big): string => `${amount.toFixed(2).replace('-', '\u2212')} USD`;
/** "12.5 %". */
export const shownShare = (share: Big): string => `${text(share.times('100').round(2)).replace('-', '\u2212')} %`;

/** The account, or that it is gone. */
export async function accountOf(
  readings: AlertReadings,
  accountId: string,
): Promise<{ readonly account: AccountReading } | Unreadable> {
  const account = await readings.account(accountId);
  return account
    ? { account }
    : { kind: 'unreadable', sentence: 'The account is not there any more, or its books are not open.' };
}

/** Its equity, or which price is missing. */
export function equityOf({ name, equity, unpriced }: AccountReading): { readonly equity: Money } | Unreadable {
  if (equity !== null) return { equity };
  return { kind: 'unreadable', sentence: `What ${name} is worth is not known: no price of ${unpriced.join(', ')}.` };
}

/** What the account has made or lost since New York's midnight. */
export async function dayResult(
  readings: AlertReadings,
  accountId: string,
): Promise<{ readonly name: string; readonly result: Money } | Unreadable> {
  const found = await accountOf(readings, accountId);
  if ('kind' in found) return found;
  const { account } = found;
  const worth = equityOf(account);
  if ('kind' in worth) return worth;
  if (account.equityAtDayStart === null) {
    return { kind: 'unreadable', sentence: `What ${account.name} was worth when the day began is not on record.` };
  }
  return { name: account.name, result: money(worth.equity.minus(account.equityAtDayStart)) };
}
