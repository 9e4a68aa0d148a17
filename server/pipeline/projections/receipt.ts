import { type Big, text, toCents, zeroMoney } from '../../core/decimal.ts';
import { arrivalsOf } from './channels.ts';
import { slippagesOf } from './slippages.ts';

/** Rows as the API shows them; the shapes of the contract, which the pipeline must not import. */
interface SignalRow {
  readonly receivedAt: string;
  readonly status: string;
  readonly sentence: string | null;
}
interface DecisionRow {
  readonly startedAt: string;
  readonly decidedAt: string;
  readonly outcome: string;
  readonly sentence: string | null;
  readonly sizing: { readonly sentence: string } | null;
  /** What its script held before, beside what was held; null or absent: the alert does not say. */
  readonly sequence?: { readonly sentence: string } | null;
}
interface OrderRow {
  readonly id: string;
  readonly role?: string;
  /** The longest that shares of a fill had no working stop, in milliseconds; null: not measured. */
  readonly protectedMs?: number | null;
  readonly parentId: string | null;
  /** Beside the alert: on paper, to be compared. */
  readonly shadow: boolean;
  readonly side: 'buy' | 'sell';
  readonly quantity: string;
  readonly referencePrice: string;
  readonly status: string;
  readonly submittingAt: string | null;
  readonly acknowledgedAt: string | null;
  readonly closedAt: string | null;
}
interface ExecutionRow {
  readonly orderId: string;
  readonly quantity: string;
  readonly price: string;
  readonly fee: string;
  readonly realizedPnl: string;
  readonly executedAt: string;
}
interface EventRow {
  readonly kind: string;
  readonly at: string;
  readonly data?: Readonly<Record<string, unknown>>;
}

export type StepName =
  | 'received'
  | 'parsed'
  | 'stored'
  | 'started'
  | 'compared'
  | 'decided'
  | 'submitting'
  | 'acknowledged'
  | 'first_fill'
  | 'filled'
  | 'protected'
  | 'closed';

export interface Step {
  name: StepName;
  at: string | null;
  tookMs: number | null;
  sentence: string;
}

/** Everything the receipt is made of. */
export interface ReceiptParts<S, D, O, X, E, P, T, R> {
  readonly signal: S;
  readonly raw: {
    readonly body: string;
    readonly contentType: string | null;
    readonly proofs: Record<string, string | null>;
    readonly parsed: object | null;
    readonly problems: readonly { field: string; code: string; message: string }[] | null;
    readonly parseMicros: number | null;
  };
  /** One for each account, what counts first. */
  readonly decisions: readonly D[];
  /** What people were asked of it. */
  readonly approvals: readonly P[];
  readonly destinations: readonly { accountId: string | null; weight: string; shadow: boolean; exitOnly?: true }[];
  /** Those of the decision by their steps, then others, then legs; a shadow's after what counts. */
  readonly orders: readonly O[];
  readonly executions: readonly X[];
  readonly events: readonly E[];
  /** The trades that it has opened. */
  readonly trades: readonly T[];
  /** The alerts that it was taken in as again. */
  readonly replays: readonly R[];
  readonly ledgerTransactions: readonly string[];
}

/** Puts all that is known of a signal into the one document a trader shows when asked why. Pure. */
export function assembleReceipt<
  S extends SignalRow,
  D extends DecisionRow,
  O extends OrderRow,
  X extends ExecutionRow,
  E extends EventRow,
  P,
  T,
  R,
>(parts: ReceiptParts<S, D, O, X, E, P, T, R>) {
  const { signal, raw, executions, events } = parts;
  const decision = parts.decisions[0] ?? null;
  const own = parts.orders.filter((one) => one.parentId === null);
  const order = own[0] ?? null;
  // What a shadow made on paper is nobody's money.
  const shadowed = new Set(parts.orders.filter((one) => one.shadow).map((one) => one.id));
  const counted = executions.filter((fill) => !shadowed.has(fill.orderId));
  const slippages = slippagesOf(
    own.filter((one) => !one.shadow),
    executions,
  );
  return {
    signal,
    raw: { body: raw.body, contentType: raw.contentType, bytes: new TextEncoder().encode(raw.body).length },
    proofs: raw.proofs,
    channels: arrivalsOf(signal.receivedAt, raw.proofs, events),
    parsed: raw.parsed as Record<string, string | null | { price: string; portion: string }[]> | null,
    problems: [...(raw.problems ?? [])],
    decision,
    decisions: [...parts.decisions],
    approvals: [...parts.approvals],
    destinations: [...parts.destinations],
    order,
    orders: own,
    legs: parts.orders.filter((one) => one.parentId !== null),
    executions: [...executions],
    pnl: {
      realized: text(toCents(sum(counted.map((fill) => fill.realizedPnl)))),
      fees: text(toCents(sum(counted.map((fill) => fill.fee)))),
      slippage: slippages.length > 0 ? text(sum(slippages.map(({ cost }) => cost))) : null,
      ledgerTransactions: [...parts.ledgerTransactions],
    },
    slippages,
    trades: [...parts.trades],
    replays: [...parts.replays],
    steps: stepsOf(signal, raw.parseMicros, decision, order?.shadow ? null : order, executions, events),
    events: [...events],
  };
}

const sum = (amounts: readonly string[]): Big => amounts.reduce<Big>((total, one) => total.plus(one), zeroMoney);

/** Of an alert that says what its script held before. */
const comparedStep = (decision: DecisionRow | null): [StepName, string | null, string][] =>
  decision?.sequence ? [['compared', decision.decidedAt, decision.sequence.sentence]] : [];

/** Of an entry: when the last of its shares had a working stop, by the longest that any of them was without. */
function protectedStep(order: OrderRow | null, lastFill: string | null): [StepName, string | null, string][] {
  if (order?.role !== 'entry') return [];
  const at =
    lastFill === null || order.protectedMs == null
      ? null
      : new Date(new Date(lastFill).getTime() + order.protectedMs).toISOString();
  return [['protected', at, 'Its stop works at the broker.']];
}

function stepsOf(
  signal: SignalRow,
  parseMicros: number | null,
  decision: DecisionRow | null,
  order: OrderRow | null,
  executions: readonly ExecutionRow[],
  events: readonly EventRow[],
): Step[] {
  const fills = executions.filter((fill) => fill.orderId === order?.id);
  const filled = order?.status === 'filled' ? (fills.at(-1)?.executedAt ?? null) : null;
  const storedAt =
    events.find((event) => event.kind === 'signal.accepted' || event.kind === 'signal.refused')?.at ?? null;
  const reached: [StepName, string | null, string][] = [
    ['received', signal.receivedAt, 'The alert came in, and its sender was proven.'],
    ['parsed', signal.receivedAt, signal.status === 'refused' ? 'It could not be understood.' : 'It was understood.'],
    [
      'stored',
      storedAt,
      signal.status === 'refused'
        ? 'It was kept as it came, and the sender was told why.'
        : 'It was stored with its job in one commit, and acknowledged.',
    ],
    ['started', decision?.startedAt ?? null, 'A worker took it up.'],
    ...comparedStep(decision),
    [
      'decided',
      decision?.decidedAt ?? null,
      decision?.sentence ??
        (decision ? `Approved. ${decision.sizing?.sentence ?? ''}`.trim() : 'The risk gate decides.'),
    ],
    ['submitting', order?.submittingAt ?? null, 'The order was marked as being sent, then sent.'],
    ['acknowledged', order?.acknowledgedAt ?? null, 'The broker has it.'],
    ['first_fill', fills[0]?.executedAt ?? null, 'The first shares were traded.'],
    ['filled', filled, 'All of it was traded.'],
    ...protectedStep(order, fills.at(-1)?.executedAt ?? null),
    ['closed', order?.closedAt ?? null, order?.closedAt ? `The order ended as ${order.status}.` : 'The order ends.'],
  ];
  let before: string | null = null;
  return reached.map(([name, at, sentence]) => {
    let tookMs: number | null = null;
    // It is part of the decision, whose time is told with that.
    if (name === 'compared') return { name, at, tookMs, sentence };
    if (name === 'parsed') tookMs = parseMicros === null ? null : parseMicros / 1000;
    // Clocks of two machines may disagree by a little: a step never takes less than nothing.
    else if (at !== null && before !== null) tookMs = Math.max(0, new Date(at).getTime() - new Date(before).getTime());
    if (at !== null) before = at;
    return { name, at, tookMs, sentence };
  });
}
