import { api, query } from '../api/client.ts';
import type { Execution, Order, Signal } from '../api/contract.ts';
import { live } from '../api/live.svelte.ts';
import { price, quantity } from '../format/number.ts';
import { actionInWords, words } from '../format/words.ts';
import type { MarkKind, Timeframe } from './chart-settings.svelte.ts';
import { axisTime } from './chart-time.ts';
import type { ChartMark } from './price-chart.ts';

type Page<T> = { items: T[] };

/** Something that happened in a symbol: an alert, an order, a fill. */
export interface Happening {
  readonly id: string;
  readonly kind: MarkKind;
  readonly at: string;
  readonly text: string;
  readonly side: 'buy' | 'sell' | null;
  readonly href: string | null;
}

/** How many of each are looked up. */
const most = 200;

/** What happened in a symbol: the newest of each kind as they were stored, and what comes while the page is open. */
export class Happenings {
  problem = $state.raw<unknown>(null);
  #symbol = $state('');
  #signals = $state.raw<readonly Signal[]>([]);
  #orders = $state.raw<readonly Order[]>([]);
  #fills = $state.raw<readonly Execution[]>([]);

  async show(symbol: string): Promise<void> {
    this.#symbol = symbol;
    this.#signals = this.#orders = [];
    this.#fills = [];
    this.problem = null;
    try {
      const [signals, orders, fills] = await Promise.all([
        api.get<Page<Signal>>(`/signals${query({ ticker: symbol, limit: most })}`),
        api.get<Page<Order>>(`/orders${query({ symbol, limit: most })}`),
        api.get<Page<Execution>>(`/executions${query({ symbol, limit: most })}`),
      ]);
      if (this.#symbol !== symbol) return;
      this.#signals = signals.items;
      this.#orders = orders.items;
      this.#fills = fills.items;
    } catch (error) {
      if (this.#symbol === symbol) this.problem = error;
    }
  }

  /** Newest first; of one account, or (null) of all. An alert belongs to no account. */
  list(accountId: string | null, kinds: readonly MarkKind[]): readonly Happening[] {
    const symbol = this.#symbol;
    const of = <T extends { id: string }>(stored: readonly T[], now: readonly T[], mine: (row: T) => boolean): T[] => [
      ...new Map([...stored, ...now.filter(mine)].map((row) => [row.id, row])).values(),
    ];
    const here = (row: { symbol: string; accountId: string }): boolean =>
      row.symbol === symbol && (accountId === null || row.accountId === accountId);
    const found: Happening[] = [];
    if (kinds.includes('signal'))
      for (const row of of(this.#signals, live.signals.items, (one) => one.ticker === symbol))
        found.push({
          ...{ id: `signal ${row.id}`, kind: 'signal', at: row.receivedAt, side: null },
          ...{ text: actionInWords(row.action), href: `/signals/${row.id}` },
        });
    if (kinds.includes('order'))
      for (const row of of(this.#orders, live.orders.items, here))
        if (here(row) && row.parentId === null)
          found.push({
            ...{ id: `order ${row.id}`, kind: 'order', at: row.createdAt, side: null },
            text: `${words(row.side)} ${quantity(row.quantity)}, ${words(row.status).toLowerCase()}`,
            href: `/orders/${row.id}`,
          });
    if (kinds.includes('fill'))
      for (const row of of(this.#fills, live.executions.items, here))
        if (here(row))
          found.push({
            ...{ id: `fill ${row.id}`, kind: 'fill', at: row.executedAt, side: row.side },
            text: `${quantity(row.quantity)} @ ${price(row.price)}`,
            href: `/orders/${row.orderId}`,
          });
    return found.toSorted((a, b) => (a.at < b.at ? 1 : a.at > b.at ? -1 : 0));
  }
}

/** The same as marks at the bars. An order's text stands in the table: at the bar it would cover its fill's. */
export const marksOf = (list: readonly Happening[], timeframe: Timeframe): readonly ChartMark[] =>
  list.map(({ id, kind, at, side, text }) => ({
    ...{ id, time: axisTime(at, timeframe), kind: kind === 'fill' ? (side ?? 'buy') : kind },
    text: kind === 'order' ? '' : text,
  }));
