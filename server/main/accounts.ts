import { alpacaVenues, createAlpacaBroker } from '../adapters/brokers/alpaca/index.ts';
import { createAlpacaBarFeed, createAlpacaMarketData } from '../adapters/market-data/alpaca/index.ts';
import { type AccountLinks, createAccountLinks, type Link } from '../build/account-links.ts';
import type { AccountStore, BrokerKeys, Venue } from '../core/ports/account-store.ts';
import type { Broker } from '../core/ports/broker.ts';
import type { Clock } from '../core/ports/clock.ts';
import type { Log } from '../core/ports/log.ts';
import type { Environment } from '../environment.ts';

/** Below execution's grace for a look-up that finds nothing: an order never arrives after we have stopped believing in it. */
const timeoutMs = 8000;

/** Where an Alpaca client is pointed to. */
export interface ExchangeAddresses extends BrokerKeys {
  readonly url: string;
  readonly streamUrl: string;
  readonly dataUrl: string;
  readonly dataStreamUrl: string;
  /** With which it is made to misbehave; not there in files of earlier versions. */
  readonly adminKey?: string;
  /** Whether equities trade round the clock there, as they did in earlier versions, whose files do not say. */
  readonly alwaysOpen?: boolean;
}

export const embeddedName = 'paper';

/** Names of the accounts whose keys the environment gives, or that the embedded exchange opens by itself. */
export const givenNames = [embeddedName, 'alpaca-paper', 'alpaca-live'] as const;

type Adapters = { clock: Clock; log: Log };

/**
 * The accounts this instance trades: the embedded exchange's unless Alpaca's paper keys are set, the live one if its keys are, and
 * those that people have added. An account whose keys are not in the environment this time is switched off, and its books stay.
 */
export async function openAccounts(
  store: AccountStore,
  environment: Environment,
  exchange: ExchangeAddresses | null,
  parts: Adapters,
): Promise<AccountLinks> {
  const given: { name: string; venue: Venue; mode: 'paper' | 'production'; keys: BrokerKeys }[] = [];
  if (environment.alpacaPaper) {
    given.push({ name: 'alpaca-paper', venue: 'alpaca-paper', mode: 'paper', keys: environment.alpacaPaper });
  } else if (exchange) given.push({ name: embeddedName, venue: 'embedded', mode: 'paper', keys: exchange });
  if (environment.alpacaLive) {
    given.push({ name: 'alpaca-live', venue: 'alpaca-live', mode: 'production', keys: environment.alpacaLive });
  }
  for (const { name, venue, mode, keys } of given) {
    const { keyId, secretKey } = keys;
    const account = await store.ensureAccount({ name, broker: 'alpaca', venue, mode, keyId, secretKey });
    // One that a person has switched off stays so.
    if (account.keysFrom === 'missing') await store.setGiven(account.accountId, true);
  }
  for (const account of await store.list()) {
    const gone = account.keysFrom === 'environment' && !given.some(({ name }) => name === account.name);
    if (gone) await store.setGiven(account.accountId, false);
  }
  const links = createAccountLinks({
    accounts: store,
    connect: (account, keys) => ({ account, ...waysTo(account.venue, keys, { environment, exchange, ...parts }) }),
    log: parts.log,
  });
  await links.refresh();
  return links;
}

interface Place extends Adapters {
  readonly environment: Environment;
  readonly exchange: ExchangeAddresses | null;
}

/** The broker's and the market's adapter for keys at a venue; throws when the venue cannot be reached from here. */
function waysTo(venue: Venue, keys: BrokerKeys, place: Place): Pick<Link, 'broker' | 'marketData' | 'bars'> {
  const { environment, exchange, clock, log } = place;
  const { keyId, secretKey } = keys;
  // The worker has the streams, where there is one beside this process.
  const streams = venue === 'embedded' || environment.roles.has('worker');
  const shared = { keyId, secretKey, timeoutMs, clock, log, streams };
  const broker = brokerOf(venue, keys, place);
  if (venue !== 'embedded' || !exchange) {
    const addresses = alpacaVenues[venue as 'alpaca-paper' | 'alpaca-live'];
    const bars = createAlpacaBarFeed({ ...shared, dataUrl: addresses.dataUrl, embedded: false });
    return { broker, bars, marketData: createAlpacaMarketData({ ...shared, ...addresses }) };
  }
  const { url: tradingUrl, dataUrl, dataStreamUrl } = exchange;
  const bars = createAlpacaBarFeed({ ...shared, dataUrl, embedded: true });
  return { broker, bars, marketData: createAlpacaMarketData({ ...shared, dataUrl, dataStreamUrl, tradingUrl }) };
}

/** The broker's adapter for keys at a venue; throws when the venue cannot be reached from here. */
export function brokerOf(
  venue: Venue,
  { keyId, secretKey }: BrokerKeys,
  { exchange, clock, log }: Pick<Place, 'exchange' | 'clock' | 'log'>,
): Broker {
  const shared = { keyId, secretKey, timeoutMs, clock, log };
  if (venue !== 'embedded') return createAlpacaBroker({ ...shared, venue });
  if (!exchange) throw new Error('The embedded exchange does not run here: Alpaca’s paper venue has taken its place.');
  return createAlpacaBroker({ ...shared, tradingUrl: exchange.url, streamUrl: exchange.streamUrl });
}
