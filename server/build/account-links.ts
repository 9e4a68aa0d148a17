import type { AccountRecord, AccountStore } from '../core/ports/account-store.ts';
import type { BarFeed } from '../core/ports/bar-feed.ts';
import type { Broker } from '../core/ports/broker.ts';
import type { Log } from '../core/ports/log.ts';
import type { MarketData } from '../core/ports/market-data.ts';

/** An account with the ways to its broker and its market. */
export interface Link {
  readonly account: AccountRecord;
  readonly broker: Broker;
  readonly marketData: MarketData;
  /** Bars of its market, for charts. */
  readonly bars: BarFeed;
}

/** Told of ways that open and close, while the server runs. */
export interface LinkListener {
  opened(link: Link): void;
  /** The way is closed when this has resolved. */
  closed(link: Link): Promise<void>;
}

/** The accounts that this process works on. They come and go while it runs, also by the word of another process. */
export interface AccountLinks {
  /** Those that are open now, by name. */
  all(): readonly Link[];
  find(accountId: string): Link | null;
  /** Reads the accounts anew: opens the ways to new ones, closes those of what was switched off, and opens anew where keys were replaced. */
  refresh(): Promise<void>;
  follow(listener: LinkListener): () => void;
  /** Closes all, for good. */
  close(): Promise<void>;
}

export interface AccountLinksParts {
  readonly accounts: Pick<AccountStore, 'list' | 'keys'>;
  /** Opens the way to an account; throws when there is none from here. */
  connect(account: AccountRecord, keys: Awaited<ReturnType<AccountStore['keys']>>): Link;
  readonly log: Log;
}

export function createAccountLinks({ accounts, connect, log }: AccountLinksParts): AccountLinks {
  const links = new Map<string, Link>();
  const listeners = new Set<LinkListener>();
  let ended = false;

  async function open(account: AccountRecord): Promise<void> {
    try {
      const link = connect(account, await accounts.keys(account.accountId));
      links.set(account.accountId, link);
      for (const listener of listeners) listener.opened(link);
      log.info({ accountId: account.accountId, account: account.name }, 'an account is worked on');
    } catch (error) {
      log.error({ error, accountId: account.accountId, account: account.name }, 'there is no way to an account');
    }
  }

  async function shut(link: Link): Promise<void> {
    links.delete(link.account.accountId);
    await Promise.all([...listeners].map((listener) => listener.closed(link)));
    await link.marketData.close();
    log.info({ accountId: link.account.accountId, account: link.account.name }, 'an account is worked on no more');
  }

  async function read(): Promise<void> {
    if (ended) return;
    const wanted = (await accounts.list()).filter((account) => account.enabled && account.archivedAt === null);
    for (const link of [...links.values()]) {
      const now = wanted.find((account) => account.accountId === link.account.accountId);
      if (now?.wayVersion !== link.account.wayVersion) await shut(link);
      else links.set(now.accountId, { ...link, account: now });
    }
    for (const account of wanted) if (!links.has(account.accountId)) await open(account);
  }

  // One reading at a time: a slow one that began earlier must not bring back what a later one closed.
  let reading: Promise<void> = Promise.resolve();
  const inTurn = (task: () => Promise<void>): Promise<void> => {
    reading = reading.then(task, task);
    return reading;
  };

  return {
    all: () => [...links.values()].sort((a, b) => (a.account.name < b.account.name ? -1 : 1)),
    find: (accountId) => links.get(accountId) ?? null,
    refresh: () => inTurn(read),
    follow(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    close: () =>
      inTurn(async () => {
        ended = true;
        await Promise.all([...links.values()].map((link) => link.marketData.close()));
        links.clear();
      }),
  };
}
