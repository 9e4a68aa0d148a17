// The specification requires next to nothing of an answer; clients read much more. These fields Alpaca has always sent, by its recorded
// answers and by what the official Python client refuses to do without.
const words = (text: string): string[] => text.trim().split(/\s+/);

const order = words(`
  id client_order_id created_at updated_at submitted_at filled_at expired_at canceled_at failed_at replaced_at replaced_by replaces
  expires_at asset_id symbol asset_class notional qty filled_qty filled_avg_price order_class order_type type side position_intent time_in_force
  limit_price stop_price status extended_hours legs trail_percent trail_price hwm subtag source`);

/** By the name of the specification's schema. */
export const alwaysSent: Readonly<Record<string, readonly string[]>> = {
  Order: order,
  OrderLeg: [...order, 'group_id', 'group_role'],
  Account: words(`
    id account_number status crypto_status currency cash equity last_equity buying_power regt_buying_power
    non_marginable_buying_power options_buying_power effective_buying_power multiplier initial_margin maintenance_margin
    last_maintenance_margin sma long_market_value short_market_value position_market_value portfolio_value accrued_fees
    pending_transfer_in pending_reg_taf_fees balance_asof created_at shorting_enabled trading_blocked transfers_blocked
    account_blocked trade_suspended_by_user options_approved_level options_trading_level crypto_tier intraday_adjustments
    user_configurations admin_configurations`),
  AccountConfigurations: words(`
    disable_overnight_trading fractional_trading max_margin_multiplier max_options_trading_level no_shorting
    ptp_no_exception_entry suspend_trade trade_confirm_email`),
  Position: words(`
    asset_id symbol exchange asset_class asset_marginable avg_entry_price qty qty_available side market_value cost_basis
    unrealized_pl unrealized_plpc unrealized_intraday_pl unrealized_intraday_plpc current_price lastday_price change_today`),
  Assets: words(`
    id class exchange symbol name status tradable marginable shortable easy_to_borrow fractionable attributes
    margin_requirement_long margin_requirement_short maintenance_margin_requirement`),
  PortfolioHistory: words('timestamp equity profit_loss profit_loss_pct base_value timeframe cashflow'),
  legacy_clock: words('timestamp is_open next_open next_close'),
  legacy_calendar_day: words('date open close session_open session_close settlement_date'),
  clock: words('market timestamp is_market_day next_market_open next_market_close phase phase_until'),
  calendar_day: words('date core_start core_end'),
  TradingActivities: words(`
    activity_type id cum_qty leaves_qty price qty side symbol transaction_time order_id order_status type account_id`),
  NonTradeActivities: words('id account_id activity_type date net_amount status symbol'),
  WatchlistWithoutAsset: words('id account_id name created_at updated_at'),
  Watchlist: words('id account_id name created_at updated_at assets'),
  CanceledOrderResponse: words('id status body'),
  PositionClosedResponse: words('body'),
};
