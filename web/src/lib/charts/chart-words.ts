import type { BarsJson } from '../api/contract.ts';
import type { MarkKind, Timeframe } from './chart-settings.svelte.ts';

/** What a feed is, in a sentence. */
export const feedWords = (feed: BarsJson['feed']): string =>
  ({
    embedded: 'The paper exchange’s own simulated market.',
    iex: 'IEX alone: a part of what is traded, so volumes are small and quiet minutes have no bar.',
    sip: 'All US exchanges, a quarter of an hour late.',
    crypto: 'Alpaca’s market of coins.',
  })[feed];

export const timeframeWords = (timeframe: Timeframe): string =>
  ({ '1m': '1 minute', '5m': '5 minutes', '15m': '15 minutes', '1h': '1 hour', '1d': '1 day' })[timeframe];

export const markWords = (kind: MarkKind): string => ({ signal: 'Alerts', order: 'Orders', fill: 'Fills' })[kind];
