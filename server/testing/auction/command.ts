import type { DoubleAuction, OrderChange } from '../../exchange/book/double-auction.ts';
import type { EventTape } from '../../exchange/book/event-tape.ts';
import type { Lifetime, Side } from '../../exchange/book/terms.ts';

interface Entry {
  readonly id: number;
  readonly owner: number;
  readonly side: Side;
  readonly lots: number;
  readonly lifetime: Lifetime;
  readonly collarPpm?: number;
  /** The open order with which it makes a pair. */
  readonly peer?: number;
}

/** A command of the auction as an object, to be kept and played again. */
export type Command = { readonly time: number } & (
  | (Entry & { readonly kind: 'limit'; readonly tick: number; readonly post?: boolean })
  | (Entry & { readonly kind: 'market' })
  | (Entry & { readonly kind: 'stop'; readonly stop: number; readonly tick: number })
  | (Entry & {
      readonly kind: 'trail';
      readonly trailTicks: number;
      readonly trailPpm: number;
      readonly mark: number;
    })
  | { readonly kind: 'cancel'; readonly id: number }
  | { readonly kind: 'replace'; readonly id: number; readonly newId: number; readonly change: OrderChange }
  | {
      readonly kind: 'quote';
      readonly bid: number;
      readonly bidLots: number;
      readonly ask: number;
      readonly askLots: number;
    }
  | { readonly kind: 'print'; readonly tick: number }
  | { readonly kind: 'expire'; readonly id: number }
  | { readonly kind: 'endOfDay' }
);

/** Does one command; answers the tape of what it did. */
export function play(auction: DoubleAuction, c: Command): EventTape {
  const { time } = c;
  switch (c.kind) {
    case 'limit':
      return auction.limit(time, c.id, c.owner, c.side, c.tick, c.lots, c.lifetime, c.post, c.peer);
    case 'market':
      return auction.market(time, c.id, c.owner, c.side, c.lots, c.lifetime, c.collarPpm, c.peer);
    case 'stop':
      return auction.stop(time, c.id, c.owner, c.side, c.stop, c.tick, c.lots, c.lifetime, c.collarPpm, c.peer);
    case 'trail': {
      const { id, owner, side, trailTicks, trailPpm, mark, lots } = c;
      return auction.trail(time, id, owner, side, trailTicks, trailPpm, mark, lots, c.lifetime, c.collarPpm, c.peer);
    }
    case 'cancel':
      return auction.cancel(time, c.id);
    case 'replace':
      return auction.replace(time, c.id, c.newId, c.change);
    case 'quote':
      return auction.quote(time, c.bid, c.bidLots, c.ask, c.askLots);
    case 'print':
      return auction.print(time, c.tick);
    case 'expire':
      return auction.expire(time, c.id);
    case 'endOfDay':
      return auction.endOfDay(time);
  }
}
