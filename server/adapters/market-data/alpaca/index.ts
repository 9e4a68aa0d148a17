export { type AlpacaBarFeedOptions, createAlpacaBarFeed } from './bar-feed.ts';
export { type AlpacaBarHistoryOptions, createAlpacaBarHistory } from './bar-history.ts';
export { type BarsRequest, barColumns, recordedBars } from './bars.ts';
export { type AlpacaMarketDataOptions, createAlpacaMarketData } from './market-data.ts';
