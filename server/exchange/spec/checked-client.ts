import { expect } from 'vitest';
import { catalogued } from '../api/error-catalogue.ts';
import type { Exchange } from '../exchange.ts';
import { faultsOf } from './conforms.ts';

export type Json = Record<string, unknown>;

/** Which schema a good answer to a request has; an array of them, where the name ends so. */
const routes: readonly (readonly [RegExp, string])[] = [
  [/^GET \/v2\/account$/, 'Account'],
  [/^(GET|PATCH) \/v2\/account\/configurations$/, 'AccountConfigurations'],
  [/^GET \/v2\/account\/portfolio\/history$/, 'PortfolioHistory'],
  [/^GET \/v2\/account\/activities/, 'TradingActivities[]'],
  [/^GET \/v2\/orders$/, 'Order[]'],
  [/^DELETE \/v2\/orders$/, 'CanceledOrderResponse[]'],
  [/^(POST|GET|PATCH) \/v2\/orders/, 'Order'],
  [/^GET \/v2\/positions$/, 'Position[]'],
  [/^DELETE \/v2\/positions$/, 'PositionClosedResponse[]'],
  [/^GET \/v2\/positions\//, 'Position'],
  [/^DELETE \/v2\/positions\//, 'Order'],
  [/^GET \/v2\/assets$/, 'Assets[]'],
  [/^GET \/v2\/assets\//, 'Assets'],
  [/^GET \/v2\/watchlists$/, 'WatchlistWithoutAsset[]'],
  [/^(GET|POST|PUT|DELETE) \/v2\/watchlists/, 'Watchlist'],
  [/^GET \/v2\/clock$/, 'legacy_clock'],
  [/^GET \/v2\/calendar$/, 'legacy_public_calendar_resp'],
  [/^GET \/v3\/clock$/, 'clock_resp'],
  [/^GET \/v3\/calendar\//, 'public_calendar_resp'],
  [/^GET \/v2\/options\/contracts$/, 'OptionContractsResponse'],
  [/^GET \/v2\/corporate_actions\/announcements$/, 'CorporateAnnouncement[]'],
];

/** An activity has one of two schemas. */
const schemaOf = (name: string, value: Json): string =>
  name === 'TradingActivities[]' && value.activity_type !== 'FILL' ? 'NonTradeActivities' : name.replace('[]', '');

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly json: Json & Json[];
}

/**
 * Calls the exchange, and holds every answer against what is promised of all: a request id, the specification's schema where it is good,
 * a catalogued refusal where it is not.
 */
export async function call(exchange: Exchange, method: string, path: string, body?: unknown): Promise<Answer> {
  const response = await fetch(`${exchange.url}${path}`, {
    method,
    headers: { 'APCA-API-KEY-ID': exchange.keyId, 'APCA-API-SECRET-KEY': exchange.secretKey },
    ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  });
  const text = await response.text();
  const json = text === '' ? null : JSON.parse(text);
  const request = `${method} ${path.split('?')[0]}`;
  expect(response.headers.get('x-request-id'), request).toMatch(/^[0-9a-f]{32}$/);
  if (response.status >= 400) {
    expect(catalogued(response.status, json), `${request}: ${response.status} ${text}`).toBeDefined();
  } else if (response.status === 204) {
    expect(text).toBe('');
  } else {
    const name = routes.find(([route]) => route.test(request))?.[1];
    if (name === undefined) throw new Error(`no schema is known for ${request}`);
    const values = name.endsWith('[]') ? (json as unknown[]) : [json];
    // A close that failed has the refusal for its body, which the specification has forgotten.
    for (const value of values as Json[]) {
      const failed = name === 'PositionClosedResponse[]' && value.status !== 200;
      if (failed) expect(catalogued(value.status as number, value.body as Json), text).toBeDefined();
      else expect(faultsOf(schemaOf(name, value), value), `${request}: ${JSON.stringify(value)}`).toEqual([]);
    }
  }
  return { status: response.status, headers: response.headers, json };
}
