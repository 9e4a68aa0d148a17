/** A way by which an alert came, and how long after the first one. */
export interface Arrival {
  readonly channel: 'webhook' | 'mail';
  readonly at: string;
  /** Of a mail: when it was sent. */
  readonly sentAt: string | null;
  readonly afterMs: number;
}

/** Each way by which an alert came, the first first: what came again by one of them is not told twice. Pure. */
export function arrivalsOf(
  receivedAt: string,
  proofs: Readonly<Record<string, string | null>>,
  events: readonly { readonly kind: string; readonly at: string; readonly data?: Readonly<Record<string, unknown>> }[],
): Arrival[] {
  const first = {
    channel: proofs.channel === 'mail' ? 'mail' : 'webhook',
    at: receivedAt,
    sentAt: proofs.mailSentAt ?? null,
  } as const;
  const again = events
    .filter(({ kind }) => kind === 'signal.repeated')
    .map(({ at, data }) => ({
      channel: data?.channel === 'mail' ? ('mail' as const) : ('webhook' as const),
      at: momentOf(data?.receivedAt) ?? at,
      sentAt: momentOf(data?.sentAt),
    }));
  const other = again.filter(({ channel }) => channel !== first.channel).sort((a, b) => (a.at < b.at ? -1 : 1))[0];
  const afterMs = (at: string): number => Math.max(0, Date.parse(at) - Date.parse(receivedAt));
  return [first, ...(other ? [other] : [])].map((one) => ({ ...one, afterMs: afterMs(one.at) }));
}

/** Events hold moments as PostgreSQL writes them. */
function momentOf(value: unknown): string | null {
  const ms = typeof value === 'string' ? Date.parse(value) : Number.NaN;
  return Number.isNaN(ms) ? null : new Date(ms).toISOString();
}
