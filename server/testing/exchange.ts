import { systemClock } from '../adapters/clock/system-clock.ts';
import { systemRandom } from '../adapters/clock/system-random.ts';
import { type Exchange, type ExchangeOptions, startExchange } from '../exchange/exchange.ts';
import { createMemoryExchangeStore } from './memory-exchange-store.ts';
import { quietLog } from './quiet-log.ts';

/** An embedded exchange on a free port with a market that stands still: a test says each quote with `setQuote`. */
export function startTestExchange(options: Partial<ExchangeOptions> = {}): Promise<Exchange> {
  return startExchange({
    store: createMemoryExchangeStore(),
    clock: systemClock,
    random: systemRandom,
    log: quietLog,
    keyId: 'PKTEST',
    secretKey: 'a-secret-of-the-test',
    adminKey: 'an-admin-key-of-the-test',
    pace: 0,
    ...options,
  });
}
