import type postgres from 'postgres';
import { setWideLimits } from '../wide-limits.ts';
import { compareRecords, type Figure } from './compare-records.ts';
import { createFleet, type Fleet } from './fleet.ts';
import { createMoments } from './moments.ts';
import { readOwnRecord } from './own-record.ts';
import { type Acknowledged, createSenders, type Senders } from './senders.ts';
import { openStage, ownRoot, type Stage } from './stage.ts';
import {
  type Errand,
  type Stage as RequestStage,
  startVenueProxy,
  type VenueProxy,
  type Verdict,
} from './venue-proxy.ts';
import { askVenue, readVenueRecord } from './venue-record.ts';

/** The program in processes of its own, between a database and an exchange that it reaches through proxies. */
export interface Rig {
  readonly stage: Stage;
  readonly proxy: VenueProxy;
  readonly fleet: Fleet;
  readonly senders: Senders;
  sql(): postgres.Sql;
  /** What becomes of a request at a stage, from now on; null: it passes. */
  onRequest(decide: ((errand: Errand, stage: RequestStage) => Verdict) | null): void;
  /** Sends an alert until it is acknowledged; answers the signal's id. */
  alert(fields: Readonly<Record<string, unknown>>): Promise<string>;
  /** The API with the token of scripts. */
  api<T>(method: string, path: string, body?: unknown): Promise<T>;
  venue<T>(path: string): Promise<T>;
  /** The figures that are not zero. */
  differences(): Promise<Figure[]>;
  close(): Promise<void>;
}

export interface RigOptions {
  readonly workers?: number;
  /** Words for the exchange beside the usual. */
  readonly exchange?: readonly string[];
}

export async function openRig({ workers = 1, exchange = [] }: RigOptions = {}): Promise<Rig> {
  const stage = await openStage(1, exchange);
  let decide: ((errand: Errand, at: RequestStage) => Verdict) | null = null;
  const proxy = await startVenueProxy(stage.exchange.url, {
    onRequest: (errand, at) => decide?.(errand, at) ?? 'pass',
    onFillTold: () => {},
  });
  const fleet = await createFleet({
    root: ownRoot,
    folder: stage.folder,
    workers,
    databaseUrl: stage.database.url,
    exchange: { ...stage.exchange, url: proxy.url },
    // As whoever looks after a server has it: one that stops by itself is started again.
    onEnded(name) {
      const ended = fleet.all.find((process) => process.name === name);
      if (ended && !closed) void fleet.start(ended).catch(() => {});
    },
  });
  let closed = false;
  const senders = createSenders(() => fleet.address()?.webhookUrl ?? null, createMoments());
  const close = async (): Promise<void> => {
    closed = true;
    senders.close();
    await Promise.all(fleet.all.map((process) => process.kill()));
    await proxy.close();
    await stage.close(false);
  };
  try {
    for (const process of fleet.all) await fleet.start(process);
  } catch (error) {
    await close();
    throw error;
  }
  const api = async <T>(method: string, path: string, body?: unknown): Promise<T> => {
    const at = fleet.address()!;
    const response = await fetch(`${at.apiUrl}${path}`, {
      method,
      headers: { authorization: `Bearer ${at.apiToken}`, 'content-type': 'application/json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${text}`);
    return JSON.parse(text) as T;
  };
  await setWideLimits(api);
  await api('PATCH', '/settings', { intake: { ratePerSecond: 100_000, burst: 100_000 } });
  let sent = 0;
  return {
    stage,
    proxy,
    fleet,
    senders,
    sql: () => stage.database.sql(),
    onRequest(next) {
      decide = next;
    },
    async alert(fields) {
      const alertId = `rig-${++sent}`;
      const timestamp = new Date().toISOString();
      await senders.send(
        alertId,
        JSON.stringify({ id: alertId, mode: 'Paper', timeframe: '1s', timestamp, ...fields }),
      );
      const { signalIds }: Acknowledged = senders.acknowledged.get(alertId)!;
      return [...signalIds][0]!;
    },
    api,
    venue: (path) => askVenue(stage.exchange, path),
    async differences() {
      const venue = await readVenueRecord(stage.exchange);
      const own = await readOwnRecord(stage.database.sql());
      return compareRecords(senders.acknowledged, own, venue).filter((figure) => figure.value !== 0);
    },
    close,
  };
}
