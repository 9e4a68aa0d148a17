import { noReading, type SourceReading } from '../../../core/model/source-reading.ts';

/** An alert to try, with TradingView's placeholders and those of `fillAlert`; each time it is filled it is another alert. */
export interface Sample {
  /** Unique. */
  readonly name: string;
  readonly dialect: string;
  readonly text: string;
  /** What its source must be set to; absent: nothing. */
  readonly reading?: SourceReading;
}

const json = (...fields: string[]): string => `{${fields.join(',')}}`;

/** One of each dialect at least; the first of a dialect is what it is tried with. Their tests hold each to its dialect. */
export const samples: readonly Sample[] = [
  {
    name: 'native, short form',
    dialect: 'native',
    text: json(
      '"signal":"{{strategy.order.action}}","ticker":"{{ticker}}","mode":"{{mode}}","risk":{{risk}}',
      '"strategy":"{{strategy}}","timestamp":"{{timenow}}","id":"{{id}}"',
    ),
  },
  {
    name: 'native, long form',
    dialect: 'native',
    text: json(
      '"signal":"{{strategy.order.action}}","ticker":"{{ticker}}","tradingMode":"{{mode}}","riskAmount":{{risk}}',
      '"entryPrice":{{close}},"stopLoss":{{stop}},"takeProfit":{{target}},"timestamp":"{{timenow}}"',
      '"strategy":"{{strategy}}","timeframe":"{{interval}}","id":"{{id}}"',
    ),
  },
  {
    name: 'TradersPost',
    dialect: 'traders-post',
    text: json(
      '"ticker":"{{ticker}}","action":"{{strategy.order.action}}","quantity":{{strategy.order.contracts}},"price":{{close}}',
      '"time":"{{timenow}}","interval":"{{interval}}","strategy":"{{strategy}}","mode":"{{mode}}","alertId":"{{id}}"',
    ),
  },
  {
    name: 'SignalStack',
    dialect: 'signal-stack',
    text: json(
      '"symbol":"{{ticker}}","action":"{{strategy.order.action}}","quantity":{{strategy.order.contracts}}',
      '"mode":"{{mode}}","timestamp":"{{timenow}}","id":"{{id}}"',
    ),
  },
  {
    name: '3Commas',
    dialect: 'three-commas',
    text: json(
      '"secret":"{{secret}}","max_lag":"300","timestamp":"{{timenow}}","trigger_price":"{{close}}","tv_exchange":"{{exchange}}"',
      '"tv_instrument":"{{ticker}}","action":"{{strategy.order.action}}","bot_uuid":"c1f2a9d0-5a6b-4c8e-9f1d-2b3c4d5e6f70"',
      '"strategy_info":{"market_position":"{{strategy.market_position}}","market_position_size":"{{strategy.market_position_size}}","prev_market_position":"{{strategy.prev_market_position}}","prev_market_position_size":"{{strategy.prev_market_position_size}}"}',
      '"order":{"amount":"{{strategy.order.contracts}}","currency_type":"base"}',
    ),
  },
  {
    name: 'a position to be at, as OpenAlgo has it',
    dialect: 'target-position',
    text: json(
      '"apikey":"{{secret}}","strategy":"{{strategy}}","symbol":"{{ticker}}","action":"{{strategy.order.action}}"',
      '"exchange":"{{exchange}}","pricetype":"MARKET","quantity":"{{strategy.order.contracts}}","mode":"{{mode}}"',
      '"position_size":"{{strategy.position_size}}","timestamp":"{{timenow}}","id":"{{id}}"',
    ),
  },
  {
    name: 'PineConnector',
    dialect: 'pine-connector',
    text: '60123456789,{{strategy.order.action}},{{ticker}},vol_dollar={{risk}},sl_pct=2,tp_pct=4,comment={{id}}',
  },
  {
    name: 'name=value',
    dialect: 'key-value',
    text: 'SYMBOL={{ticker}};SIGNAL={{strategy.order.action}};ORDER_TYPE=MARKET;VOLUME={{strategy.order.contracts}};TAG={{id}}',
  },
  {
    name: 'TradingView’s default text',
    dialect: 'tradingview-text',
    text: 'order {{strategy.order.action}} @ {{strategy.order.contracts}} filled on {{ticker}}. New strategy position is {{strategy.position_size}}',
  },
  {
    name: 'a template of one’s own',
    dialect: 'template',
    text: '{{strategy.order.action}} {{ticker}} at {{close}} no {{id}}',
    reading: { ...noReading, template: '{action} {ticker} at {price} no {id}' },
  },
];
