export { type AlpacaMarketDataOptions, createAlpacaMarketData } from './market-data.ts';
