import { alpacaVenues } from '../adapters/brokers/alpaca/index.ts';
import { createBarStore } from '../adapters/database/bar-store/bar-store.ts';
import type { Sql } from '../adapters/database/connect.ts';
import { createEventCalendarFile } from '../adapters/event-calendar/event-calendar-file.ts';
import { createAlpacaBarHistory } from '../adapters/market-data/alpaca/index.ts';
import type { Alarms } from '../core/ports/alarms.ts';
import type { BarHistory } from '../core/ports/bar-history.ts';
import type { Clock } from '../core/ports/clock.ts';
import type { Log } from '../core/ports/log.ts';
import type { Random } from '../core/ports/random.ts';
import type { Environment } from '../environment.ts';
import { createMarketDesk, type MarketDesk } from '../platform/market-facts/market-facts.ts';
import type { ExchangeAddresses } from './accounts.ts';

/** How long one question for bars or sessions may take. */
const timeoutMs = 8000;

/**
 * What of the market is kept ready. The real market's bars are taken where there are keys for it, also for an account at the embedded
 * exchange beside it; else those of the embedded exchange.
 */
export function openMarketDesk(
  environment: Environment,
  exchange: ExchangeAddresses | null,
  parts: { sql: Sql; alarms: Alarms; clock: Clock; random: Random; log: Log },
): MarketDesk {
  const { sql, ...rest } = parts;
  return createMarketDesk({
    ...rest,
    history: barHistoryOf(environment, exchange, parts.clock),
    store: createBarStore(sql),
    events: environment.eventCalendar === undefined ? null : createEventCalendarFile(environment.eventCalendar),
    asks: environment.roles.has('worker'),
  });
}

/** Which market is asked for bars; without one every question fails. */
export function barHistoryOf(environment: Environment, exchange: ExchangeAddresses | null, clock: Clock): BarHistory {
  const { alpacaLive, alpacaPaper } = environment;
  const keys = alpacaLive ?? alpacaPaper;
  if (keys) {
    const { tradingUrl, dataUrl } = alpacaVenues[alpacaLive ? 'alpaca-live' : 'alpaca-paper'];
    return createAlpacaBarHistory({ source: 'alpaca', tradingUrl, dataUrl, ...keys, timeoutMs, clock });
  }
  if (exchange === null) return nowhere;
  const { url, dataUrl, keyId, secretKey } = exchange;
  return createAlpacaBarHistory({ source: url, tradingUrl: url, dataUrl, keyId, secretKey, timeoutMs, clock });
}

const refuse = (): Promise<never> =>
  Promise.reject(new Error('there is no market to ask: neither Alpaca’s keys nor an exchange that has run here'));
const nowhere: BarHistory = { source: 'none', dailyBars: refuse, sessions: refuse };
