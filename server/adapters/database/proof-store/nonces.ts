import type postgres from 'postgres';
import type { Clock } from '../../../core/ports/clock.ts';
import type { Log } from '../../../core/ports/log.ts';
import type { ProofStore } from '../../../core/ports/proof-store.ts';

/** A sender is answered within its three seconds, whatever the database does; storing the alert takes up to two of them. */
const claimWithinMs = 900;
/** How often what has expired is taken out. */
const sweepEveryMs = 60_000;

/** Nonces of signatures in PostgreSQL: one that was taken anywhere is taken everywhere. */
export function createNonces({
  sql,
  clock,
  log,
}: {
  readonly sql: postgres.Sql;
  readonly clock: Clock;
  readonly log: Log;
}): Pick<ProofStore, 'claim' | 'release'> {
  let sweptAtMs = clock.monotonicMs();

  function sweep(): void {
    if (clock.monotonicMs() - sweptAtMs < sweepEveryMs) return;
    sweptAtMs = clock.monotonicMs();
    sql`delete from proof_nonces where expires_at <= ${clock.now()}`.catch((error: unknown) =>
      log.debug({ err: error }, 'expired nonces stay until the next time'),
    );
  }

  const release: ProofStore['release'] = ({ webhookId, nonce, signalId }) => {
    sql`
      update proof_nonces set released = true
      where webhook_id = ${webhookId} and nonce = ${nonce} and signal_id = ${signalId}`.catch((error: unknown) =>
      log.warn({ err: error, webhookId }, 'a nonce could not be given back: its alert must be signed anew'),
    );
  };

  return {
    release,
    async claim(wanted) {
      sweep();
      const { webhookId, nonce, signalId, until } = wanted;
      const asking = sql`
        insert into proof_nonces as n (webhook_id, nonce, signal_id, expires_at)
        values (${webhookId}, ${nonce}, ${signalId}, ${until})
        on conflict (webhook_id, nonce) do update set signal_id = excluded.signal_id, expires_at = excluded.expires_at, released = false
        where n.expires_at <= ${clock.now()}
          or (n.released and not exists (select 1 from trading_signals s where s.id = n.signal_id))
        returning 1`.then((rows) => rows.length === 1);
      let isLate = false;
      const late = Promise.withResolvers<never>();
      const timer = clock.after(claimWithinMs, () => {
        isLate = true;
        late.reject(new Error('the database did not say in time whether a nonce is new'));
      });
      asking
        .then((isNew) => {
          // Its sender was told to come again, and may come with the same signature.
          if (isLate && isNew) release(wanted);
        })
        .catch(() => {});
      try {
        return await Promise.race([asking, late.promise]);
      } finally {
        timer.cancel();
      }
    },
  };
}
