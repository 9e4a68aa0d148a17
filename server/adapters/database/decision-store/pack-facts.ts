import { deflateRawSync, inflateRawSync } from 'node:zlib';
import type { KeptFacts } from '../../../core/model/kept-facts.ts';

/**
 * What the facts of most decisions have in common, for the compressor to refer to: it makes small ones four times smaller. Packed facts
 * can be read with the very same text only, so this one is never changed; another one is another format.
 */
const dictionary = Buffer.from(
  [
    ...['correlation', 'intraday-margin', 'historical-var', 'losing-streak', 'symbol-cool-down', 'trading-windows'],
    ...['stop-distance', 'reward-to-risk', 'spread', 'liquidity', 'drawdown', 'weekly-loss', 'max-leverage'],
    ...['blocked-symbols', 'allowed-symbols', 'max-industry', 'max-sector', 'max-strategy-positions', 'max-positions'],
    ...['price-against-quote', 'live-quote', 'alert-age', 'duplicate-in-bar', 'orders-per-minute', 'orders-per-day'],
    ...['daily-loss', 'max-order-value', 'max-open-orders', 'max-exposure', 'max-position', 'buying-power'],
    '["Health Care","Pharmaceuticals"],["Financials","Diversified Banks"],["Energy","Integrated Oil & Gas"],["Industrials",',
    '["Consumer Discretionary","Automobile Manufacturers"],["Consumer Staples",["Utilities",["Materials",["Real Estate",',
    '["Communication Services","Interactive Media & Services"],["Information Technology","Technology Hardware, Storage & Peripherals"],',
    '["Information Technology","Semiconductors"],["Information Technology","Systems Software"],["Unknown","Unknown"],',
    '"rule":"something-to-send","strategy",1],"account",1],"symbol",1],"outcome":"denied","code":"RISK_',
    '"exit","close_position",',
    '"reduce","fractional",["take_profit","new","limit"],["take_profit","accepted","limit"],["stop_loss","held","stop"],["stop_loss","accepted","stop"],["entry","accepted","market"],',
    '{"v":1,"now":1795,"startedAt":1795,"bar":{"start":1795,"seconds":300},"weight":"1","voter":null,"master":"paper",',
    '"strategy":{"key":"default","mode":"paper","enabled":true,"settings":{"stopDistance":"0.01","sizing":{"method":"fixed-risk",',
    '"parameters":{}},"stop":{"method":"percent","parameters":{}},"bounds":{"shares":"whole","lot":null,"minNotional":null,',
    '"maxQuantity":null,"maxNotional":null,"fitBuyingPower":false},"takeProfitRiskMultiple":"2","allowShort":false,"exit":"close",',
    '"entryType":"market","routes":[],"shadow":true}},"approvals":{"expirySeconds":300,"maxMove":"0.005","inProduction":false,"twoInProduction":false,"twoAbove":null},"limits":[["max-position","everything","",1],["max-exposure","everything","",1]],',
    '"killSwitches":[],"approvedInBar":null,"quote":["1","1",1795,"100","100"],"asset":{"exchange":"NASDAQ","tradable":true,',
    '"shortable":true,"fractionable":true,"easyToBorrow":true,"marginable":true},"symbols":["AAPL","MSFT","NVDA","AMZN","GOOGL",',
    '"META","TSLA","SPY","QQQ","BTC/USD"],"sectors":[0,0,1,2,3,4,0],"groups":[],"strategies":["default","momentum"],',
    '"account":{"name":"Embedded paper","mode":"paper","enabled":true,"cash":"100000","buyingPower":"200000","dayStart":"100000",',
    '"positions":[],"orders":[],"kinds":[]},"activity":{"entries":0,"trades":0,"newestTrade":null,"weekStart":0,"peak":"100000",',
    '"paidIn":"100000","dayTrades":0},"market":{"session":[1795,1795],"blackouts":[],"bars":[[1795,275]],"barsOf":[0,0,0,0,0,0,-1],',
    '"barsMark":-1},"result":{"rule":null,"mode":"paper","intent":"entry","side":"buy","quantity":"10","outcome":"approved",',
    '"code":null,"orders":[{"intent":"entry","side":"buy","type":"market","quantity":"10","reference":"1","timeInForce":"gtc",',
    '"stopLoss":"1","takeProfit":"1"}],"cancels":[],"moves":[]}}',
  ].join(''),
);

/** Facts as they are stored. The quickest level: the better ones take five times as long to save a tenth more. */
export const packFacts = (facts: KeptFacts): Buffer => deflateRawSync(JSON.stringify(facts), { level: 1, dictionary });

/** Reads facts back; throws for what is none, or of a version that this one does not know. */
export function unpackFacts(packed: Uint8Array): KeptFacts {
  const facts = JSON.parse(inflateRawSync(packed, { dictionary }).toString()) as { v: number };
  if (facts.v !== 1) throw new RangeError(`facts of version ${facts.v} cannot be read`);
  return facts as KeptFacts;
}
