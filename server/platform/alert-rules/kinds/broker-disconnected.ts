import { seconds } from '../../../core/parameters.ts';
import { alertKind } from '../kind.ts';

export const kind = alertKind({
  key: 'broker-disconnected',
  name: 'Broker disconnected',
  says: 'The stream of an account’s broker has been down for so many seconds. Orders are followed by polling meanwhile.',
  scope: { account: 'needed', strategy: 'none', symbol: 'none' },
  parameters: { seconds: seconds('Seconds', 60, null, { min: 10, max: 86_400 }) },
  ends: 'holds',
  everyQuote: false,
  async look(readings, { values, scope, memory }) {
    const account = await readings.account(scope.accountId!);
    if (!account)
      return { kind: 'unreadable', sentence: 'The account is not there any more, or its books are not open.' };
    const { name } = account;
    if (readings.connected(scope.accountId!))
      return { kind: 'over', value: 'connected', sentence: `The broker of ${name} is connected.` };
    const now = readings.now();
    const since = typeof memory?.since === 'string' ? new Date(memory.since) : now;
    const away = Math.floor((now.getTime() - since.getTime()) / 1000);
    const sentence = `The broker of ${name} has been away for ${away} seconds, since ${since.toISOString()}; the limit is ${values.seconds}.`;
    return {
      kind: away >= values.seconds ? 'holds' : 'between',
      value: `${away} s away`,
      sentence,
      memory: { since: since.toISOString() },
    };
  },
});
