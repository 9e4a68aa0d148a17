import type postgres from 'postgres';
import type { FailureTimes } from '../../../core/ports/failure-times.ts';

/** More than any rule can ask for. */
const most = 100_000;

/** When things went wrong, of the event table; the newest where there are too many. */
export const createFailureTimes =
  ({ sql }: { readonly sql: postgres.Sql }): FailureTimes =>
  async (kinds, accountId, from, until) => {
    const rows = await sql<{ at: Date }[]>`
      select at from events
      where kind in ('order.rejected', 'decision.denied', 'signal.refused', 'signal.failed') and kind = any(${[...kinds]}::text[])
        and at > ${from} and at <= ${until} and (${accountId}::uuid is null or account_id = ${accountId})
      order by at desc limit ${most}`;
    return rows.map(({ at }) => at).reverse();
  };
