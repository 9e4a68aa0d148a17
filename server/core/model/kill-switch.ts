/** What a kill switch stops: everything, or what is of one account, one strategy or one symbol. */
export const killScopes = ['all', 'account', 'strategy', 'symbol'] as const;
export type KillScope = (typeof killScopes)[number];

/** By which way it was engaged. */
export const killWays = ['dashboard', 'api', 'command', 'file'] as const;
export type KillWay = (typeof killWays)[number];

/** What is stopped. */
export interface KillTarget {
  readonly scope: KillScope;
  /** The account's id, the strategy's key or the symbol; empty for `all`. */
  readonly key: string;
}

/** One switch, from the moment it was engaged. Any number may be engaged at once, one for each target. */
export interface KillSwitch extends KillTarget {
  readonly id: string;
  /** What a person calls the target: an account's name in place of its id. */
  readonly name: string;
  readonly reason: string;
  readonly by: string;
  readonly via: KillWay;
  /** Whether positions are closed too. */
  readonly flatten: boolean;
  /** When it was asked for; the times it took count from here. */
  readonly requestedAt: Date;
  readonly engagedAt: Date;
  /** From when on no entry could be sent by any process. */
  readonly stoppedAt: Date;
  /** When the last entry that had got through was sent; null: none since it was asked for. */
  readonly lastEntryAt: Date | null;
  /** Entries that it cancelled, and when the last one had ended; null while one may still be open. */
  readonly cancelled: number | null;
  readonly cancelledAt: Date | null;
  /** When nothing was held any more; null: it is, or it was not to be closed. */
  readonly flatAt: Date | null;
  readonly lifted: { readonly at: Date; readonly by: string; readonly reason: string } | null;
}

/** Of whom an order or a decision is. */
export interface KillSubject {
  readonly accountId: string | null;
  readonly strategy: string;
  readonly symbol: string;
}

export function covers({ scope, key }: KillTarget, subject: KillSubject): boolean {
  switch (scope) {
    case 'all':
      return true;
    case 'account':
      return key === subject.accountId;
    case 'strategy':
      return key === subject.strategy;
    case 'symbol':
      return key === subject.symbol;
  }
}

/** The switch that stops it, the widest one first; null: none does. */
export function killedBy<T extends KillTarget>(switches: readonly T[], subject: KillSubject): T | null {
  for (const scope of killScopes) {
    const found = switches.find((one) => one.scope === scope && covers(one, subject));
    if (found) return found;
  }
  return null;
}

export const sameTarget = (a: KillTarget, b: KillTarget): boolean => a.scope === b.scope && a.key === b.key;

/** "the kill switch", or "the kill switch for strategy momentum": as it is named within a sentence. */
export const switchInWords = ({ scope, name }: { scope: KillScope; name: string }): string =>
  scope === 'all' ? 'the kill switch' : `the kill switch for ${targetInWords({ scope, name })}`;

/** Why an order is cancelled, for its receipt. */
export const cancelReason = (killSwitch: KillSwitch): string =>
  `Kill switch for ${targetInWords(killSwitch)}: ${killSwitch.reason}`;

/** "everything", "account paper", "strategy momentum", "AAPL". */
export const targetInWords = ({ scope, name }: { scope: KillScope; name: string }): string =>
  scope === 'all' ? 'everything' : scope === 'symbol' ? name : `${scope} ${name}`;
