import type { AlarmChannel } from '../../core/ports/alarm-channel.ts';

/** How long whoever is told may take to answer. */
const timeoutMs = 10_000;

/** POSTs alarms as JSON to one address. The address may hold a secret: it is in no error. */
export function createAlarmWebhook(url: string): AlarmChannel {
  return {
    async tell(message, idempotencyKey) {
      let response: Response;
      try {
        response = await fetch(url, {
          method: 'POST',
          headers: { 'content-type': 'application/json', 'idempotency-key': idempotencyKey },
          body: JSON.stringify(message),
          redirect: 'manual',
          signal: AbortSignal.timeout(timeoutMs),
        });
      } catch (error) {
        throw new Error(`The address of ALARM_WEBHOOK_URL could not be reached: ${reasonOf(error)}.`);
      }
      await response.body?.cancel();
      if (!response.ok) throw new Error(`The address of ALARM_WEBHOOK_URL answered ${response.status}.`);
    },
  };
}

/** Why a request failed, by its code alone: messages may repeat the address. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return 'no reason given';
  if (error.name === 'TimeoutError') return `no answer within ${timeoutMs / 1000} s`;
  const { code } = (error.cause ?? error) as NodeJS.ErrnoException;
  return typeof code === 'string' ? code : 'the connection failed';
}
