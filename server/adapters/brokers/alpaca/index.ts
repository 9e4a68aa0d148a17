export { type AlpacaBrokerOptions, createAlpacaBroker } from './broker.ts';
export { type AlpacaVenue, alpacaVenues } from './venues.ts';
