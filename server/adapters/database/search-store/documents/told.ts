import { wordsOfData } from '../../../../core/full-text/found.ts';
import { coinBucket, unknown } from '../../../../core/instruments/sectors.ts';
import { isCoin } from '../../../../core/instruments/symbols.ts';
import type { StoredEvent } from '../../../../core/model/event.ts';
import type { SearchAlias, SearchDocument } from '../../../../core/ports/search-index.ts';

export interface Instrument {
  readonly name: string;
  readonly sector: string;
  readonly industry: string;
}

/** What documents made of events alone need to know beside. */
export interface Known {
  readonly accounts: ReadonlyMap<string, { readonly name: string; readonly mode: string }>;
  readonly instruments: ReadonlyMap<string, Instrument>;
  readonly baseUrl: string;
}

/** Documents that stand for one event each, made of what the event itself says: its id is theirs. */
export function documentsOfEvent(event: StoredEvent, known: Known): SearchDocument[] {
  const make = (alias: SearchAlias, at: string, fields: object, id = event.id): SearchDocument => ({
    alias,
    id,
    version: event.seq,
    part: at.slice(0, 7).replace('-', '.'),
    json: JSON.stringify({ '@timestamp': at, ...fields }),
  });
  const account = event.accountId ? known.accounts.get(event.accountId) : undefined;
  const about = { accountId: event.accountId ?? undefined, account: account?.name, mode: account?.mode };
  const at = event.at.toISOString();
  switch (event.kind) {
    case 'equity.recorded':
      return equityDocuments(event, known, about, make);
    case 'health.recorded':
      return [make('trading-health', at, event.data)];
    default: {
      const { data } = event;
      const text = wordsOfData(data);
      const signalId = event.signalId ?? undefined;
      const fields = {
        eventId: event.id,
        seq: Number(event.seq),
        kind: event.kind,
        signalId,
        receiptUrl: signalId && `${known.baseUrl}/signals/${signalId}`,
        orderId: event.orderId ?? undefined,
        ...about,
        strategy: textOf(data.strategy),
        ticker: textOf(data.symbol) ?? textOf(data.ticker),
        sentence: textOf(data.sentence) ?? textOf(data.problem),
        text,
        data,
      };
      return [make('trading-events', at, fields)];
    }
  }
}

interface EquityData {
  at?: string;
  cash: string;
  positionValue: string;
  equity: string;
  realizedPnl: string;
  unrealizedPnl: string;
  positions?: readonly { symbol: string; quantity: string; marketValue: string; unrealizedPnl: string }[];
}

function equityDocuments(
  event: StoredEvent,
  known: Known,
  about: object,
  make: (alias: SearchAlias, at: string, fields: object, id?: string) => SearchDocument,
): SearchDocument[] {
  const data = event.data as unknown as EquityData;
  const at = data.at ?? event.at.toISOString();
  // The search copy's numbers are for charts; money is counted in the ledger.
  const equity = Number(data.equity);
  const share = (value: number) => (equity > 0 ? value / equity : undefined);
  const whole = make('trading-equity', at, {
    ...about,
    cash: Number(data.cash),
    positionValue: Number(data.positionValue),
    equity,
    realizedPnl: Number(data.realizedPnl),
    unrealizedPnl: Number(data.unrealizedPnl),
    exposureOfEquity: share((data.positions ?? []).reduce((sum, one) => sum + Math.abs(Number(one.marketValue)), 0)),
  });
  const parts = (data.positions ?? []).map((one) => {
    const marketValue = Number(one.marketValue);
    const instrument = known.instruments.get(one.symbol);
    const bucket = isCoin(one.symbol) ? coinBucket : { sector: unknown, industry: unknown };
    const fields = {
      ...about,
      ticker: one.symbol,
      name: instrument?.name,
      sector: instrument?.sector ?? bucket.sector,
      industry: instrument?.industry ?? bucket.industry,
      side: marketValue < 0 ? 'short' : 'long',
      quantity: Number(one.quantity),
      marketValue,
      exposure: Math.abs(marketValue),
      exposureOfEquity: share(Math.abs(marketValue)),
      unrealizedPnl: Number(one.unrealizedPnl),
    };
    return make('trading-exposure', at, fields, `${event.id}:${one.symbol}`);
  });
  return [whole, ...parts];
}

const textOf = (value: unknown): string | undefined => (typeof value === 'string' && value !== '' ? value : undefined);
