import type { LineKind, PriceLine } from './price-lines.ts';

/** What a line is called. */
export const lineName = (kind: LineKind): string =>
  ({ average: 'Average', stop: 'Stop', target: 'Target', entry: 'Entry', exit: 'Exit' })[kind];

/** What a line is to whoever cannot see it. */
export const lineLabel = (kind: LineKind, quantity: string, symbol: string): string =>
  ({
    average: `Average of ${quantity} ${symbol}`,
    stop: `Stop of ${quantity} ${symbol}`,
    target: `Target of ${quantity} ${symbol}`,
    entry: `Entry of ${quantity} ${symbol}`,
    exit: `Exit of ${quantity} ${symbol}`,
  })[kind];

/** The question of a sheet. */
export const moveTitle = (kind: LineKind, quantity: string, symbol: string, price: string): string =>
  ({
    average: '',
    stop: `Move the stop of ${quantity} ${symbol} to ${price}`,
    target: `Move the target of ${quantity} ${symbol} to ${price}`,
    entry: `Move the entry of ${quantity} ${symbol} to ${price}`,
    exit: `Move the exit of ${quantity} ${symbol} to ${price}`,
  })[kind];

/** What is said when it has been done. */
export const movedWords = (kind: LineKind, symbol: string, price: string): string =>
  ({
    average: '',
    stop: `The stop of ${symbol} is at ${price} now.`,
    target: `The target of ${symbol} is at ${price} now.`,
    entry: `The entry of ${symbol} is at ${price} now.`,
    exit: `The exit of ${symbol} is at ${price} now.`,
  })[kind];

/** The variable of the colour it is drawn in. Profit and loss have their own, which are not used here. */
export const lineColour = ({ kind }: PriceLine): string =>
  ({ average: '--ink-soft', stop: '--warning', target: '--accent', entry: '--paper', exit: '--ink' })[kind];
