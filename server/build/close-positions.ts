import type { Account, Acknowledgement, ClosedAll, Position, PositionClosing } from '../contract/index.ts';
import { decimal, text } from '../core/decimal.ts';
import type { Commands } from '../http/commands.ts';
import { HttpProblem } from '../http/problems.ts';
import type { Queries } from '../http/queries.ts';
import type { Caller } from '../platform/access/roles.ts';

export interface ClosingParts {
  readonly queries: Pick<Queries, 'accounts' | 'positions'>;
  /** Takes an alert in as if it had been sent by a person. */
  send(alert: Record<string, unknown>, caller: Caller): Promise<Acknowledgement>;
}

type Wish = Parameters<Commands['closePosition']>[0];

const refused = (code: string, title: string, detail: string, message: string): HttpProblem =>
  new HttpProblem(422, code, title, `${detail} Nothing was sent.`, [{ field: 'quantity', code, message }]);

/**
 * Closing by hand. An exit goes the way of every alert: the risk gate judges it by the rules for exits alone, and execution lowers or
 * cancels the stops that hold its shares before it is sent, so that never more is sold than is held.
 */
export function createClosing({ queries, send }: ClosingParts): Pick<Commands, 'closeAll'> & {
  close: Commands['closePosition'];
} {
  /** One alert for each strategy whose shares are closed: each has its receipt, and each strategy its own result. */
  async function closeOne(
    account: Account,
    position: Position,
    { strategy, quantity }: Pick<Wish, 'strategy' | 'quantity'>,
    caller: Caller,
  ): Promise<PositionClosing | null> {
    const short = position.quantity.startsWith('-');
    const lots = position.lots.filter(
      (lot) => lot.quantity.startsWith('-') === short && (strategy === null || lot.strategy === strategy),
    );
    if (quantity !== null) requirePart(position.symbol, lots, quantity);
    const sent: Acknowledgement[] = [];
    for (const lot of lots) {
      const alert = {
        ...{ signal: 'EXIT', ticker: position.symbol, strategy: lot.strategy, account: account.name },
        mode: account.mode === 'production' ? 'Production' : 'Paper',
        ...(quantity === null ? {} : { quantity: text(decimal(quantity)) }),
      };
      sent.push(await send(alert, caller));
    }
    const [first, ...others] = sent;
    return first ? { ...first, others } : null;
  }

  return {
    async close({ accountId, symbol, ...what }, caller) {
      const [accounts, positions] = await Promise.all([queries.accounts(), queries.positions(accountId)]);
      const account = accounts.find((one) => one.id === accountId);
      const position = positions.find((one) => one.symbol === symbol);
      return account && position ? closeOne(account, position, what, caller) : null;
    },

    async closeAll(accountId, caller): Promise<ClosedAll> {
      const [accounts, positions] = await Promise.all([
        queries.accounts(),
        queries.positions(accountId === null ? undefined : accountId),
      ]);
      const closed: ClosedAll = { sent: [], failed: [] };
      for (const position of positions) {
        const account = accounts.find((one) => one.id === position.accountId);
        const place = { accountId: position.accountId, symbol: position.symbol };
        try {
          const closing = account && (await closeOne(account, position, { strategy: null, quantity: null }, caller));
          if (closing) closed.sent.push({ ...place, closing });
        } catch (error) {
          if (!(error instanceof HttpProblem)) throw error;
          closed.failed.push({ ...place, detail: error.message });
        }
      }
      return closed;
    },
  };
}

function requirePart(symbol: string, lots: Position['lots'], quantity: string): void {
  const [lot] = lots;
  if (!lot) return;
  if (lots.length > 1) {
    const names = lots.map((one) => one.strategy).join(', ');
    throw refused(
      'WHOSE_PART',
      'Whose shares?',
      `${lots.length} strategies hold ${symbol} (${names}): say whose shares are to be closed.`,
      `expected with the strategy, one of ${names}`,
    );
  }
  const held = decimal(lot.quantity).abs();
  if (decimal(quantity).lte(held)) return;
  throw refused(
    'MORE_THAN_HELD',
    'More than is held',
    `${lot.strategy} holds ${text(held)} ${symbol}, not ${quantity}.`,
    `expected at most ${text(held)}`,
  );
}
