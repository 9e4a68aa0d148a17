import type { Account, ConnectionAnswer } from '../contract/index.ts';
import { text } from '../core/decimal.ts';
import type { BrokerAccount } from '../core/model/broker-order.ts';
import type { Mode } from '../core/model/mode.ts';
import type { AccountStore, BrokerKeys, Venue } from '../core/ports/account-store.ts';
import { BrokerProblem } from '../core/ports/broker.ts';
import type { Clock } from '../core/ports/clock.ts';
import type { AccountAdmin } from '../http/account-admin.ts';
import { HttpProblem } from '../http/problems.ts';
import type { Queries } from '../http/queries.ts';
import { requireStepUp } from '../http/step-up.ts';
import type { ExchangeAdmin } from '../platform/rehearsal/exchange-admin.ts';

export interface AccountAdminParts {
  readonly accounts: AccountStore;
  readonly queries: Pick<Queries, 'accounts'>;
  /** Asks a venue whose the keys are; throws when it will not say. */
  probe(venue: Venue, keys: BrokerKeys): Promise<BrokerAccount>;
  /** Null: there is no embedded exchange here. */
  readonly exchange: Pick<ExchangeAdmin, 'openAccount'> | null;
  /** The names that belong to accounts of the environment. */
  readonly givenNames: readonly string[];
  readonly clock: Pick<Clock, 'now'>;
  /** Opens and closes ways after a change, before it is answered. */
  refresh(): Promise<void>;
}

/** Adds, changes and puts away accounts. Whatever is asked of a broker is asked before anything is stored. */
export function createAccountAdmin(parts: AccountAdminParts): AccountAdmin {
  const { accounts, clock } = parts;

  const shown = async (accountId: string): Promise<Account | null> =>
    (await parts.queries.accounts()).find((account) => account.id === accountId) ?? null;

  async function ask(venue: Venue, keys: BrokerKeys): Promise<BrokerAccount> {
    try {
      return await parts.probe(venue, keys);
    } catch (error) {
      // The broker's own words only: whatever else an error carries may carry the keys.
      const refused = error instanceof BrokerProblem && error.kind === 'refused';
      throw new HttpProblem(
        refused ? 422 : 502,
        refused ? 'KEYS_REFUSED' : 'BROKER_SILENT',
        refused ? 'The broker refused the keys' : 'The broker could not be asked',
        refused
          ? 'The broker does not know these keys, or not at this venue. Nothing was stored.'
          : 'The broker did not answer, or cannot be reached from here. Nothing was stored; try again.',
      );
    }
  }

  function free(name: string): void {
    if (!parts.givenNames.includes(name)) return;
    throw conflict(
      'NAME_TAKEN',
      'The name is taken',
      `${name} is the name of an account whose keys the environment gives.`,
    );
  }

  /** Refuses to let go of an account that still has something to do. */
  async function mayLeave(accountId: string, force: boolean): Promise<void> {
    const { positions, openOrders, strategies } = await accounts.holdings(accountId);
    if (strategies.length > 0) {
      const who = `Route ${strategies.join(', ')} elsewhere first`;
      throw conflict('ACCOUNT_ROUTED', 'Strategies trade it', `${who}: their alerts go to this account.`);
    }
    if (force || positions + openOrders === 0) return;
    throw conflict(
      'ACCOUNT_HOLDS',
      'It still holds something',
      `It has ${positions} open positions and ${openOrders} open orders, which nobody would look after. Close them first, or force it.`,
    );
  }

  const modeAt = (venue: Venue, wished: Mode | undefined): Mode => {
    const mode = venue === 'alpaca-live' ? 'production' : venue === 'alpaca-paper' ? 'paper' : (wished ?? 'paper');
    if (wished !== undefined && wished !== mode) {
      throw new HttpProblem(400, 'MODE_OF_VENUE', 'Not that mode', `${venue} trades ${mode}. Nothing was stored.`);
    }
    return mode;
  };

  async function keysFor(venue: Venue, keys: BrokerKeys | undefined, cash: number | undefined): Promise<BrokerKeys> {
    if (keys) return keys;
    if (venue !== 'embedded') {
      throw new HttpProblem(
        400,
        'KEYS_MISSING',
        'Keys are missing',
        'This venue needs a key and its secret. Nothing was stored.',
        [{ field: 'keys', code: 'required', message: 'expected keyId and secretKey' }],
      );
    }
    if (!parts.exchange) {
      throw conflict(
        'NO_EXCHANGE',
        'No embedded exchange',
        'The embedded exchange does not run here, or its admin key is not known.',
      );
    }
    return parts.exchange.openAccount(cash ?? null);
  }

  return {
    async add({ name, venue, mode, keys, cash }, caller) {
      free(name);
      const trades = modeAt(venue, mode);
      if (trades === 'production') requireStepUp(caller, clock);
      if ((await accounts.list()).some((account) => account.name === name)) throw nameTaken(name);
      const own = await keysFor(venue, keys, cash);
      const { accountNumber } = await ask(venue, own);
      const made = await accounts.create(
        { name, broker: 'alpaca', venue, mode: trades, accountNumber, keys: own },
        caller.name,
      );
      if (!made) {
        const sentence = `There is an account of this name, or of the broker’s number ${accountNumber}, already.`;
        throw conflict('ACCOUNT_EXISTS', 'There is one already', sentence);
      }
      await parts.refresh();
      return (await shown(made.accountId))!;
    },

    async change(accountId, { name, enabled, force }, caller) {
      const before = await accounts.find(accountId);
      if (!before || before.archivedAt) return null;
      if (name !== undefined && name !== before.name) {
        free(name);
        if (before.keysFrom !== 'person') throw fromEnvironment(before.name, 'name');
      }
      if (enabled === true && before.mode === 'production' && !before.enabled) requireStepUp(caller, clock);
      if (enabled === true && before.keysFrom === 'missing') throw fromEnvironment(before.name, 'keys');
      if (enabled === false && before.enabled) await mayLeave(accountId, force);
      const after = await accounts.change(
        accountId,
        {
          ...(name === undefined ? {} : { name }),
          ...(enabled === undefined ? {} : { enabled }),
        },
        caller.name,
      );
      if (!after) throw nameTaken(name ?? before.name);
      await parts.refresh();
      return shown(accountId);
    },

    async replaceKeys(accountId, keys, caller) {
      const before = await accounts.find(accountId);
      if (!before || before.archivedAt) return null;
      if (before.keysFrom !== 'person') throw fromEnvironment(before.name, 'keys');
      const { accountNumber } = await ask(before.venue, keys);
      if (before.accountNumber !== null && accountNumber !== before.accountNumber) {
        const sentence = `These keys are of the account ${accountNumber}, this one is ${before.accountNumber}: its books would be another account’s.`;
        throw conflict('OTHER_ACCOUNT', 'Keys of another account', sentence);
      }
      await accounts.replaceKeys(accountId, keys, accountNumber, caller.name);
      await parts.refresh();
      return shown(accountId);
    },

    async archive(accountId, force, caller) {
      const before = await accounts.find(accountId);
      if (!before) return null;
      await mayLeave(accountId, force);
      await accounts.archive(accountId, caller.name);
      await parts.refresh();
      return shown(accountId);
    },

    test: async ({ venue, keys }) => answerOf(await ask(venue, keys)),

    async testStored(accountId) {
      const account = await accounts.find(accountId);
      return account && answerOf(await ask(account.venue, await accounts.keys(accountId)));
    },
  };
}

const answerOf = (account: BrokerAccount): ConnectionAnswer => ({
  accountNumber: account.accountNumber,
  currency: account.currency,
  cash: text(account.cash),
  equity: text(account.equity),
  buyingPower: text(account.buyingPower),
  tradingBlocked: account.tradingBlocked,
});

const conflict = (code: string, title: string, sentence: string): HttpProblem =>
  new HttpProblem(409, code, title, `${sentence} Nothing was changed.`);

const nameTaken = (name: string) => conflict('NAME_TAKEN', 'The name is taken', `There is an account ${name} already.`);

const fromEnvironment = (name: string, what: string) =>
  conflict(
    'FROM_ENVIRONMENT',
    'The environment says it',
    `The ${what} of ${name} come from the environment: change it there.`,
  );
