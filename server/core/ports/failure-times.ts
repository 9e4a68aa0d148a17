/** When something went wrong in a span, the oldest first; null for the account: of any. */
export type FailureTimes = (
  kinds: readonly ('order.rejected' | 'decision.denied' | 'signal.refused' | 'signal.failed')[],
  accountId: string | null,
  from: Date,
  until: Date,
) => Promise<readonly Date[]>;
