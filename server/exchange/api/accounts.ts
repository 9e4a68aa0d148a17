import { Hono } from 'hono';
import type { LastClose } from '../history/equity-history.ts';
import { initialMarginOf, maintenanceMarginOf, mayShort, multiplierOf } from '../venue/margin.ts';
import { type AccountConfiguration, configurationOf, type VenueAccount } from '../venue/model.ts';
import { centsText, costOf, larger, type Money, smaller, spendableText } from '../venue/money.ts';
import { refuse } from '../venue/refusal.ts';
import type { Desk } from '../venue/venue.ts';
import { accountOf, ask, bodyOf, type Env, type TradingApiParts, undecodable } from './context.ts';

/** The account, and what its owner may set. */
export function accountsApi({ venue, history }: TradingApiParts): Hono<Env> {
  const api = new Hono<Env>();
  api.get('/v2/account', (c) =>
    ask(c, venue, (desk) => {
      const account = accountOf(desk, c);
      return accountJson(desk, account, history.atLastClose(account.id));
    }),
  );
  api.get('/v2/account/configurations', (c) => ask(c, venue, (desk) => configurationOf(accountOf(desk, c))));
  api.patch('/v2/account/configurations', async (c) => {
    const change = readConfiguration(await bodyOf(c));
    return ask(c, venue, (desk) => {
      const account = accountOf(desk, c);
      account.configuration = { ...configurationOf(account), ...change };
      desk.state.touchAccount(account);
      return account.configuration;
    });
  });
  return api;
}

const flags = [
  'disable_overnight_trading',
  'fractional_trading',
  'no_shorting',
  'ptp_no_exception_entry',
  'suspend_trade',
] as const;
const choices = {
  max_margin_multiplier: ['1', '2', '4'],
  max_options_trading_level: [0, 1, 2, 3],
  trade_confirm_email: ['all', 'none'],
} as const;

/** What a PATCH changes. Names that are not among the settings are passed over, as clients send whole models of older versions. */
function readConfiguration(body: Readonly<Record<string, unknown>>): Partial<AccountConfiguration> {
  const change: Record<string, unknown> = {};
  for (const name of flags) {
    const value = body[name];
    if (value === undefined || value === null) continue;
    if (typeof value !== 'boolean') throw undecodable();
    change[name] = value;
  }
  for (const [name, allowed] of Object.entries(choices)) {
    const value = body[name];
    if (value === undefined || value === null) continue;
    if (typeof value !== typeof allowed[0]) throw undecodable();
    if (!(allowed as readonly unknown[]).includes(value)) throw refuse.malformed(`invalid ${name}`);
    change[name] = value;
  }
  return change as Partial<AccountConfiguration>;
}

function accountJson(desk: Desk, account: VenueAccount, last: LastClose | null): Record<string, unknown> {
  const configuration = configurationOf(account);
  const equity = centsText(desk.equity(account));
  const power = spendableText(desk.buyingPower(account));
  const { state } = desk;
  const positions = state.positions(account.id);
  const value = (sign: number): Money =>
    positions
      .filter((p) => Math.sign(p.qty) === sign)
      .reduce((sum, p) => sum + costOf(p.symbol, p.qty, desk.mark(p.symbol)), 0n);
  const [long, short] = [value(1), value(-1)];
  const initial = initialMarginOf(state, account, desk.mark);
  // Overnight, Regulation T lends no more than as much again.
  const overnight = larger(0n, 2n * (desk.equity(account) - initial));
  const regT = spendableText(smaller(desk.buyingPower(account), overnight));
  const nonMarginable = spendableText(desk.cashPower(account));
  return {
    id: account.id,
    account_number: account.number,
    status: 'ACTIVE',
    crypto_status: 'ACTIVE',
    currency: 'USD',
    cash: centsText(account.cash),
    equity,
    last_equity: last ? centsText(last.equity) : equity,
    portfolio_value: equity,
    buying_power: power,
    regt_buying_power: regT,
    effective_buying_power: power,
    non_marginable_buying_power: nonMarginable,
    options_buying_power: nonMarginable,
    multiplier: String(multiplierOf(state, account, desk.mark)),
    initial_margin: centsText(initial),
    maintenance_margin: centsText(maintenanceMarginOf(state, account, desk.mark)),
    last_maintenance_margin: last ? centsText(last.maintenanceMargin) : '0',
    sma: '0',
    long_market_value: centsText(long),
    short_market_value: centsText(short),
    position_market_value: centsText(long - short),
    accrued_fees: '0',
    pending_transfer_in: '0',
    pending_transfer_out: '0',
    pending_reg_taf_fees: '0',
    balance_asof: last?.day ?? account.createdAt.slice(0, 10),
    created_at: account.createdAt,
    shorting_enabled: mayShort(state, account, desk.mark),
    trading_blocked: false,
    transfers_blocked: false,
    account_blocked: false,
    trade_suspended_by_user: configuration.suspend_trade,
    options_approved_level: 0,
    options_trading_level: 0,
    crypto_tier: 1,
    intraday_adjustments: '0',
    user_configurations: null,
    admin_configurations: {},
  };
}
