import type { Account, Acknowledgement, Status } from '../contract/index.ts';
import { text } from '../core/decimal.ts';
import { isTerminal } from '../core/model/order.ts';
import type { Clock } from '../core/ports/clock.ts';
import type { Jobs, QueueName } from '../core/ports/job-queue.ts';
import type { MarketData } from '../core/ports/market-data.ts';
import type { OrderStore } from '../core/ports/order-store.ts';
import type { Random } from '../core/ports/random.ts';
import type { SettingsStore } from '../core/ports/settings.ts';
import type { Commands } from '../http/commands.ts';
import { HttpProblem } from '../http/problems.ts';
import type { Queries } from '../http/queries.ts';
import type { Intake } from '../pipeline/intake/intake.ts';
import type { Caller } from '../platform/access/roles.ts';
import type { KillSwitches } from '../platform/kill-switch/kill-switches.ts';
import { createClosing } from './close-positions.ts';
import { type HealthParts, healthOf } from './health.ts';
import { createKillCommands, killSwitchJson } from './kill-commands.ts';
import { changeOf } from './replace-order.ts';
import { createSetupCommands } from './setup-commands.ts';

export interface CommandParts extends HealthParts {
  readonly queries: Queries & { latestSignal(): Promise<Status['lastSignal']> };
  readonly settings: SettingsStore;
  readonly orders: OrderStore;
  readonly intake: Intake;
  readonly killSwitches: KillSwitches;
  /** The path of the kill switch's file. */
  readonly killFile: string;
  /** Compares an account with its broker now, here or by a worker. */
  compare(accountId: string): Promise<unknown>;
  /** Stores a job and has it looked at. */
  enqueue<Q extends QueueName>(queue: Q, data: Jobs[Q]): Promise<void>;
  marketData(accountId: string): MarketData | null;
  readonly clock: Clock;
  readonly random: Random;
  /** The token under which the dashboard's own alerts come in, source `dashboard`. */
  readonly dashboardToken: string;
  /** Changes when its token is made anew. */
  readonly webhookUrl: () => string;
  readonly tickers: readonly string[];
  readonly exchangeAlwaysOpen: boolean;
}

/** What people and scripts can set going. Whatever trades goes through intake, like any alert, and has a receipt like any. */
export function createCommands(parts: CommandParts): Commands {
  const { queries, settings, orders, clock, random } = parts;

  const accountOfMode = (accounts: readonly Account[]): Account | undefined => {
    const master = settings.current()['mode.master'];
    const enabled = accounts.filter((account) => account.enabled);
    return enabled.find((account) => account.mode === master) ?? enabled.find((account) => account.mode === 'paper');
  };

  async function send(alert: Record<string, unknown>, caller: Caller): Promise<Acknowledgement> {
    const answer = await parts.intake.receive({
      source: 'dashboard',
      token: parts.dashboardToken,
      body: new TextEncoder().encode(
        JSON.stringify({ ...alert, id: random.id(), timestamp: clock.now().toISOString() }),
      ),
      contentType: 'application/json',
      headers: { 'user-agent': `Signalbox dashboard, ${caller.name}` },
      remoteAddress: null,
    });
    switch (answer.kind) {
      case 'accepted':
      case 'repeated':
        return { id: answer.id, status: answer.kind, receiptUrl: `/signals/${answer.id}` };
      case 'refused':
        throw new HttpProblem(
          400,
          answer.code,
          'The alert was refused',
          `${answer.fields.map((field) => field.message).join(' ')} Nothing was sent.`,
          answer.fields,
        );
      case 'rate_limited':
        throw new HttpProblem(
          429,
          'RATE_LIMITED',
          'Too many at once',
          'Too many alerts came in a short time. Nothing was sent; try again in a moment.',
        );
      default:
        throw new HttpProblem(
          503,
          'UNAVAILABLE',
          'Not stored',
          'The alert could not be stored. Nothing was sent; try again.',
        );
    }
  }

  const closing = createClosing({ queries, send });

  return {
    async status(): Promise<Status> {
      const [accounts, lastSignal, approvalsWaiting, health] = await Promise.all([
        queries.accounts(),
        queries.latestSignal(),
        queries.approvalsWaiting(),
        healthOf(parts),
      ]);
      const { 'mode.master': mode, killSwitches, 'display.zone': zone } = settings.current();
      const account = accountOfMode(accounts);
      return {
        mode,
        health,
        equity: account?.equity ?? '0',
        dayPnl: account?.dayPnl ?? null,
        accountId: account?.id ?? null,
        lastSignal,
        approvalsWaiting,
        killSwitches: killSwitches.map(killSwitchJson),
        venue: venueInWords(account),
        alwaysOpen: account?.venue === 'embedded' && parts.exchangeAlwaysOpen,
        zone,
        webhookUrl: parts.webhookUrl().replace(/[^/]+$/, '…'),
        serverTime: clock.now().toISOString(),
      };
    },

    ...createSetupCommands(parts),

    sendTestAlert: ({ signal, ticker, risk, mode, entryPrice, stopLoss, takeProfit, strategy }, caller) =>
      send({ signal, ticker, mode, risk, entryPrice, stopLoss, takeProfit, strategy }, caller),

    async cancelOrder(orderId, caller) {
      const order = await orders.find(orderId);
      if (!order) return null;
      if (isTerminal(order.status)) return 'final';
      await parts.enqueue('order.cancel', { orderId, reason: `Cancelled by ${caller.name}.` });
      return 'asked';
    },

    async replaceOrder(orderId, wish, caller) {
      const [order] = await queries.orderWithLegs(orderId);
      if (!order) return null;
      const reason = `Changed by ${caller.name}.`;
      await parts.enqueue('order.replace', { orderId, change: changeOf(order, wish), reason });
      return 'asked';
    },

    closePosition: closing.close,
    closeAll: closing.closeAll,

    ...createKillCommands(parts.killSwitches, settings, parts.killFile),

    async reconcile(accountId) {
      if (!(await queries.accounts()).some((account) => account.enabled && account.id === accountId)) return null;
      await parts.compare(accountId);
      const [newest] = await queries.reconciliations(accountId);
      return newest ?? null;
    },

    async ready() {
      try {
        await parts.ping();
        return true;
      } catch {
        return false;
      }
    },

    async quotes(symbols) {
      const account = accountOfMode(await queries.accounts());
      const market = account && parts.marketData(account.id);
      if (!market) return [];
      const quotes = await Promise.all(symbols.map((symbol) => market.quote(symbol).catch(() => null)));
      return quotes
        .filter((quote) => quote !== null)
        .map((quote) => ({
          symbol: quote.symbol,
          bid: text(quote.bid),
          ask: text(quote.ask),
          at: quote.at.toISOString(),
        }));
    },
  };
}

function venueInWords(account: Account | undefined): string {
  if (!account) return 'no account';
  return {
    embedded: 'the embedded paper exchange',
    'alpaca-paper': 'Alpaca, paper account',
    'alpaca-live': 'Alpaca, live account',
  }[account.venue];
}
