import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Sql } from '../adapters/database/connect.ts';
import { createExchangeStore } from '../adapters/database/exchange-store/exchange-store.ts';
import { writePrivately } from '../adapters/instance/secrets-file.ts';
import type { BrokerKeys } from '../core/ports/account-store.ts';
import type { Clock } from '../core/ports/clock.ts';
import type { Log } from '../core/ports/log.ts';
import type { Random } from '../core/ports/random.ts';
import type { Environment } from '../environment.ts';
import { alpacaLiquidity, displayedLiquidity } from '../exchange/book/terms.ts';
import { type Exchange, startExchange } from '../exchange/exchange.ts';
import type { ExchangeAddresses } from './accounts.ts';
import { readReplay } from './replay-file.ts';

interface Parts {
  readonly sql: Sql;
  readonly keys: BrokerKeys & { readonly adminKey: string };
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
}

/** Opens the embedded exchange on the port it had last time, so that clients that were pointed at it find it again. */
export async function openExchange(environment: Environment, parts: Parts): Promise<Exchange> {
  const { sql, keys, clock, random, log } = parts;
  const file = join(environment.dataDir, 'exchange.json');
  const before = environment.exchangePort ?? (await rememberedPort(file));
  const { exchangeReplay: bars, exchangeReplaySpeed: speed } = environment;
  const market = bars === undefined ? ({ kind: 'sim' } as const) : await readReplay({ file: bars, speed });
  const alwaysOpen = environment.exchangeHours === 'always';
  const open = (port: number): Promise<Exchange> =>
    startExchange({
      store: createExchangeStore(sql),
      clock,
      random,
      log,
      ...keys,
      host: environment.exchangeHost,
      name: environment.exchangeName,
      port,
      seed: environment.exchangeSeed,
      pace: environment.exchangePace,
      market,
      alwaysOpen,
      fills: environment.exchangeFills === 'alpaca' ? alpacaLiquidity : displayedLiquidity,
    });
  let exchange: Exchange;
  try {
    exchange = await open(before);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EADDRINUSE') throw error;
    if (environment.exchangePort) {
      throw new Error(`Port ${before} (EXCHANGE_PORT) is taken by another program. Nothing was started.`);
    }
    log.warn({}, `port ${before}, which the exchange had last time, is taken: it listens on another one`);
    exchange = await open(0);
  }
  const { url, streamUrl, dataUrl, dataStreamUrl, keyId, secretKey } = exchange;
  const addresses: ExchangeAddresses = {
    url,
    streamUrl,
    dataUrl,
    dataStreamUrl,
    keyId,
    secretKey,
    adminKey: keys.adminKey,
    alwaysOpen,
  };
  await writePrivately(file, `${JSON.stringify(addresses, null, 2)}\n`);
  return exchange;
}

/** Where the exchange listens, for a process that does not run it itself: elsewhere, or that of this data directory; null: nowhere yet. */
export async function readExchange({ exchangeElsewhere, dataDir }: Environment): Promise<ExchangeAddresses | null> {
  if (exchangeElsewhere) {
    const { url } = exchangeElsewhere;
    const streams = url.replace(/^http/, 'ws');
    return { ...exchangeElsewhere, streamUrl: `${streams}/stream`, dataUrl: url, dataStreamUrl: `${streams}/v2/iex` };
  }
  const content = await readFile(join(dataDir, 'exchange.json'), 'utf8').catch(() => null);
  return content ? (JSON.parse(content) as ExchangeAddresses) : null;
}

async function rememberedPort(file: string): Promise<number> {
  try {
    return Number(new URL((JSON.parse(await readFile(file, 'utf8')) as { url: string }).url).port);
  } catch {
    return 0;
  }
}
