import { z } from 'zod';
import { type Kind, type KindName, kindNames, kinds } from './kinds.ts';

/** Which requests or events a fault is meant for; what is left out matches all. */
export interface Match {
  readonly method?: string | undefined;
  /** Of the request, `*` standing for anything. */
  readonly path?: string | undefined;
  readonly symbol?: string | undefined;
  /** The account's id, or its key id. */
  readonly account?: string | undefined;
  readonly stream?: StreamName | undefined;
  /** Of a stream: `fill`, `partial_fill`, `new`… of trade_updates; `q`, `t`, `b`… of market data. */
  readonly event?: string | undefined;
}

export const streamNames = ['trade_updates', 'market_data', 'events'] as const;
/** `events` is the form of trade_updates that goes over HTTP as server-sent events. */
export type StreamName = (typeof streamNames)[number];

/** What somebody asks for. */
export interface FaultRequest {
  readonly kind: KindName;
  readonly match: Match;
  /** How often it strikes what it matches; 1: always. */
  readonly probability: number;
  /** It ends when it has struck so often; null: not by that. */
  readonly count: number | null;
  /** It ends then; null: not by time. */
  readonly endsAt: Date | null;
  /** The same seed strikes the same ones of the same sequence. */
  readonly seed: number;
  readonly parameters: Readonly<Record<string, number | string>>;
}

/** A request for a fault that cannot be understood; the message is a sentence. */
export class FaultRefusal extends Error {}

const word = z.string().trim().min(1).max(200);
const shape = z.looseObject({
  kind: z.enum(kindNames as [KindName, ...KindName[]]),
  match: z
    .strictObject({
      method: word.transform((method) => method.toUpperCase()).optional(),
      path: word.optional(),
      symbol: word.transform((symbol) => symbol.toUpperCase()).optional(),
      account: word.optional(),
      stream: z.enum(streamNames).optional(),
      event: word.optional(),
    })
    .default({}),
  probability: z.number().gt(0).max(1).default(1),
  count: z.number().int().min(1).max(1_000_000).nullish(),
  seconds: z
    .number()
    .gt(0)
    .max(30 * 86_400)
    .nullish(),
  until: z.iso.datetime({ offset: true }).nullish(),
  seed: z.number().int().min(0).max(0xffff_ffff).optional(),
});
const own = new Set(Object.keys(shape.shape));

/** Reads a fault from JSON; throws a `FaultRefusal` that names what is wrong. */
export function readFault(json: unknown, now: Date, seed: number): FaultRequest {
  const parsed = shape.safeParse(json);
  if (!parsed.success) {
    const issue = parsed.error.issues[0]!;
    throw new FaultRefusal(`${issue.path.join('.') || 'the fault'}: ${issue.message}`);
  }
  const { kind, match, probability, count, seconds, until } = parsed.data;
  const described: Kind = kinds[kind];
  if (seconds != null && until != null) throw new FaultRefusal('seconds and until both say when it ends: give one');
  if (described.symbol === 'required' && !match.symbol) throw new FaultRefusal(`match.symbol: ${kind} needs a symbol`);
  const foreign = wrongMatch(described, match);
  if (foreign) throw new FaultRefusal(`match.${foreign}: means nothing to ${kind}`);
  if (described.place === 'market' && kind !== 'partial_fill' && probability < 1) {
    throw new FaultRefusal(`probability: ${kind} is there or not`);
  }
  const endsAt = until != null ? new Date(until) : seconds != null ? new Date(now.getTime() + seconds * 1000) : null;
  if (endsAt && endsAt <= now) throw new FaultRefusal('until: is in the past');
  return {
    kind,
    match: kind === 'reject' && !match.method && !match.path ? { ...match, method: 'POST', path: '/v2/orders' } : match,
    probability,
    count: count ?? null,
    endsAt,
    seed: parsed.data.seed ?? seed,
    parameters: readParameters(kind, described, parsed.data),
  };
}

/** The first word of a match that this place knows nothing of. */
function wrongMatch({ place }: Kind, match: Match): string | null {
  const known: readonly (keyof Match)[] =
    place === 'request'
      ? ['method', 'path', 'symbol', 'account']
      : place === 'stream'
        ? ['stream', 'event', 'symbol', 'account']
        : ['symbol', 'account'];
  return Object.keys(match).find((name) => !known.includes(name as keyof Match)) ?? null;
}

function readParameters(
  kind: KindName,
  { parameters }: Kind,
  given: Readonly<Record<string, unknown>>,
): Record<string, number | string> {
  const unknown = Object.keys(given).find((name) => !own.has(name) && !parameters.some((p) => p.name === name));
  if (unknown) throw new FaultRefusal(`${unknown}: is nothing that ${kind} knows`);
  const out: Record<string, number | string> = {};
  for (const { name, type, min = -Infinity, max = Infinity, initial } of parameters) {
    const value = given[name] ?? initial;
    if (value === null) throw new FaultRefusal(`${name}: must be said for ${kind}`);
    if (type === 'text') {
      if (typeof value !== 'string' || value.length > 300) throw new FaultRefusal(`${name}: expected a text`);
    } else if (
      typeof value !== 'number' ||
      !(value >= min && value <= max) ||
      (type === 'integer' && !Number.isInteger(value))
    ) {
      throw new FaultRefusal(
        `${name}: expected ${type === 'integer' ? 'a whole number' : 'a number'} from ${min} to ${max}`,
      );
    }
    out[name] = value as number | string;
  }
  return out;
}

/** Something that a fault may strike: a request, or an event of a stream. */
export interface Subject {
  readonly method?: string;
  readonly path?: string;
  readonly symbols?: readonly string[];
  /** Every name the account goes by: its id and its key id. */
  readonly accounts?: readonly string[];
  readonly stream?: StreamName;
  readonly event?: string;
}

export function matches(match: Match, subject: Subject): boolean {
  return (
    (match.method === undefined || match.method === subject.method) &&
    (match.path === undefined || (subject.path !== undefined && pathMatches(match.path, subject.path))) &&
    (match.symbol === undefined || (subject.symbols ?? []).includes(match.symbol)) &&
    (match.account === undefined || (subject.accounts ?? []).includes(match.account)) &&
    (match.stream === undefined || match.stream === subject.stream) &&
    (match.event === undefined || match.event === subject.event)
  );
}

const pathMatches = (pattern: string, path: string): boolean =>
  new RegExp(`^${pattern.split('*').map(escapeText).join('.*')}$`).test(path);

function escapeText(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\/]/g, '\\$&');
}
