import type { FaultJson, FaultKindJson } from '../api/contract.ts';

const names: Readonly<Record<string, string>> = {
  latency: 'Late answers',
  reject: 'Refused orders',
  rate_limit: 'Too many requests',
  error_before: 'Error before',
  error_after: 'Error after',
  reset_before: 'Reset before',
  reset_after: 'Reset after',
  stream_drop: 'Stream breaks',
  stream_duplicate: 'Events twice',
  stream_delay: 'Late events',
  stream_reorder: 'Events overtake',
  stream_gap: 'Events missing',
  partial_fill: 'Partial fills',
  halt: 'Halt',
  suspend: 'Suspension',
  early_close: 'Early close',
  price_jump: 'Price jump',
};

export const faultName = (kind: string): string => names[kind] ?? kind.replaceAll('_', ' ');

export const placeWords = (place: FaultKindJson['place']): string =>
  ({ request: 'requests', stream: 'streams', market: 'market' })[place];

const own = new Set(['id', 'kind', 'match', 'probability', 'count', 'seed', 'since', 'until', 'seen', 'hits', 'ended']);

/** What a fault strikes, and how, in one line. */
export function faultLine(fault: FaultJson, kinds: readonly FaultKindJson[]): string {
  const parameters = kinds.find(({ name }) => name === fault.kind)?.parameters ?? [];
  const { symbol, method, path, stream, event, account } = fault.match;
  const said = Object.entries(fault)
    .filter(([name, value]) => !own.has(name) && value !== '' && value !== 0)
    .map(([name, value]) => {
      const [label, unit] = (parameters.find((one) => one.name === name)?.label ?? name).split(', ');
      return `${label!.toLowerCase()} ${String(value).replace('-', '\u2212')}${unit ? ` ${unit}` : ''}`;
    });
  const words = [
    [method, path].filter(Boolean).join(' '),
    stream === undefined
      ? ''
      : { trade_updates: 'orders', market_data: 'market data', events: 'orders, over HTTP' }[stream],
    event ? `event ${event}` : '',
    symbol ?? '',
    account ? `account ${account}` : '',
    ...said,
    fault.probability < 1 ? `${Math.round(fault.probability * 1000) / 10} % of them` : '',
    fault.count === null ? '' : `the next ${Math.max(0, fault.count - fault.hits)}`,
  ].filter(Boolean);
  return words.length > 0 ? words.join(' · ') : 'everything';
}

export const endedWords = { count: 'did its part', time: 'its time was over', removed: 'was ended' } as const;
