import { alpacaVenues, createAlpacaBroker } from '../adapters/brokers/alpaca/index.ts';
import { createAlpacaMarketData } from '../adapters/market-data/alpaca/index.ts';
import type { Link } from '../build.ts';
import type { AccountStore, BrokerKeys, Venue } from '../core/ports/account-store.ts';
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

/**
 * The accounts this instance trades: the embedded exchange's unless Alpaca's paper keys are set, and the live one if its keys
 * are. An account whose keys are not there this time is switched off, and its books stay.
 */
export async function openAccounts(
  store: AccountStore,
  environment: Environment,
  exchange: ExchangeAddresses | null,
  parts: { clock: Clock; log: Log },
): Promise<Link[]> {
  const wanted: { name: string; venue: Venue; mode: 'paper' | 'production'; keys: BrokerKeys }[] = [];
  if (environment.alpacaPaper) {
    wanted.push({ name: 'alpaca-paper', venue: 'alpaca-paper', mode: 'paper', keys: environment.alpacaPaper });
  } else if (exchange) wanted.push({ name: embeddedName, venue: 'embedded', mode: 'paper', keys: exchange });
  if (environment.alpacaLive) {
    wanted.push({ name: 'alpaca-live', venue: 'alpaca-live', mode: 'production', keys: environment.alpacaLive });
  }
  const links: Link[] = [];
  for (const { name, venue, mode, keys } of wanted) {
    const { keyId, secretKey } = keys;
    const account = await store.ensureAccount({ name, broker: 'alpaca', venue, mode, keyId, secretKey });
    if (!account.enabled) await store.setEnabled(account.accountId, true, 'start');
    const shared = { keyId, secretKey, timeoutMs, ...parts };
    const addresses =
      venue === 'embedded' && exchange
        ? {
            tradingUrl: exchange.url,
            streamUrl: exchange.streamUrl,
            dataUrl: exchange.dataUrl,
            dataStreamUrl: exchange.dataStreamUrl,
          }
        : null;
    links.push({
      account,
      broker: createAlpacaBroker(
        addresses
          ? { ...shared, tradingUrl: addresses.tradingUrl, streamUrl: addresses.streamUrl }
          : { ...shared, venue: venue as 'alpaca-paper' | 'alpaca-live' },
      ),
      marketData: createAlpacaMarketData({
        ...shared,
        ...(addresses ?? alpacaVenues[venue as 'alpaca-paper' | 'alpaca-live']),
        // The worker has it, where there is one beside this process.
        streams: venue === 'embedded' || environment.roles.has('worker'),
      }),
    });
  }
  for (const account of await store.list()) {
    const here = links.some((link) => link.account.accountId === account.accountId);
    if (!here && account.enabled) await store.setEnabled(account.accountId, false, 'start');
  }
  return links;
}
