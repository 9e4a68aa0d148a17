import { createHmac } from 'node:crypto';
import type { Random } from '../../core/ports/random.ts';
import { wholeDollars } from './money.ts';
import type { Venue } from './venue.ts';

/** What whoever opens an account is told, once. */
export interface OpenedAccount {
  readonly keyId: string;
  readonly secretKey: string;
  readonly accountNumber: string;
}

/**
 * The secret of an account that was opened later: a function of the first account's, so that none is stored and each start knows them
 * all. Whoever has one of them learns nothing of another.
 */
export const furtherSecret = (firstSecret: string, keyId: string): string =>
  createHmac('sha256', firstSecret).update(`account ${keyId}`).digest('base64url');

/** Letters and digits of the venue's own key ids. */
export const newNumber = (random: Pick<Random, 'id'>, start: string, length: number): string =>
  `${start}${random.id().replaceAll('-', '').slice(-length).toUpperCase()}`;

/** Opens one more account with play money, in whole dollars. */
export function openFurtherAccount(
  venue: Venue,
  random: Pick<Random, 'id'>,
  { firstSecret, cash }: { readonly firstSecret: string; readonly cash: number },
): Promise<OpenedAccount & { readonly accountId: string }> {
  const accountId = random.id();
  const keyId = newNumber(random, 'PK', 18);
  const accountNumber = newNumber(random, 'PA', 10);
  return venue.command(({ state, now }) => {
    state.addAccount({ id: accountId, number: accountNumber, keyId, cash: wholeDollars(cash), createdAt: now });
    return { accountId, keyId, accountNumber, secretKey: furtherSecret(firstSecret, keyId) };
  });
}
