/** Alpaca's own addresses. The embedded exchange is given by its address instead. */
export const alpacaVenues = {
  'alpaca-paper': {
    tradingUrl: 'https://paper-api.alpaca.markets',
    streamUrl: 'wss://paper-api.alpaca.markets/stream',
    dataUrl: 'https://data.alpaca.markets',
    dataStreamUrl: 'wss://stream.data.alpaca.markets/v2/iex',
  },
  'alpaca-live': {
    tradingUrl: 'https://api.alpaca.markets',
    streamUrl: 'wss://api.alpaca.markets/stream',
    dataUrl: 'https://data.alpaca.markets',
    dataStreamUrl: 'wss://stream.data.alpaca.markets/v2/iex',
  },
} as const;
export type AlpacaVenue = keyof typeof alpacaVenues;
