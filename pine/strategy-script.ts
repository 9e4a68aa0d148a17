import { alertFunctions } from './alert-functions.ts';
import { block, inputLine, literal } from './pine-text.ts';
import type { ScriptSettings } from './settings.ts';
import { parametersOf } from './shared-parameters.ts';

/** A strategy for the chart it is put on; it serves any number of charts. */
export function strategyScript({ template, version, values }: ScriptSettings): string {
  const title = `Signalbox ${template.name}`;
  return `${[
    `//@version=${version}`,
    `// ${title}, for one chart: an alert for each entry and exit, at the close of the bar. Written by Signalbox.`,
    ...template.says.map((sentence) => `// ${sentence}`),
    '// Create one alert for each chart: condition this strategy, "alert() function calls only", once; the message is the script’s own.',
    `strategy(${literal(title)}, overlay = true, pyramiding = 0, process_orders_on_close = true, calc_on_every_tick = false)`,
    '',
    ...parametersOf(template, 'strategy').map((parameter) => inputLine(parameter, values[parameter.name]!)),
    '',
    ...alertFunctions,
    '',
    'rules() =>',
    ...block(template.rules),
    '',
    ...trading,
  ].join('\n')}\n`;
}

const trading: readonly string[] = [
  '[goLong, goShort, leaveLong, leaveShort, longStop, shortStop] = rules()',
  '',
  '// What is held before the orders of this bar; they fill at its close.',
  'held = strategy.position_size',
  'longStopPrice = math.round_to_mintick(longStop)',
  'shortStopPrice = math.round_to_mintick(shortStop)',
  'enterLong = goLong and direction != "short" and held <= 0 and longStopPrice < close',
  'enterShort = goShort and direction != "long" and held >= 0 and shortStopPrice > close and not enterLong',
  'leave = (leaveLong and held > 0 or leaveShort and held < 0) and not enterLong and not enterShort',
  'stopPrice = enterLong ? longStopPrice : shortStopPrice',
  'targetPrice = rewardMultiple > 0 ? math.round_to_mintick(close + rewardMultiple * (close - stopPrice)) : na',
  'shares = sizing == "quantity" ? quantity : sizing == "risk" ? riskAmount / math.abs(close - stopPrice) : 1.0',
  '',
  '// The first alert after a start says nothing of before: what the test of the past holds was never sent to anybody.',
  'varip bool told = false',
  'heldWay = not told ? "" : held > 0 ? "long" : held < 0 ? "short" : "flat"',
  '// Only shares that the alert itself names can be compared with the receiver’s.',
  'heldShares = held == 0 ? 0.0 : sizing == "quantity" ? math.abs(held) : na',
  'reversing = told and held != 0',
  '',
  'if enterLong',
  '    strategy.entry("Long", strategy.long, qty = shares)',
  '    strategy.exit("Long out", "Long", stop = stopPrice, limit = targetPrice)',
  'if enterShort',
  '    strategy.entry("Short", strategy.short, qty = shares)',
  '    strategy.exit("Short out", "Short", stop = stopPrice, limit = targetPrice)',
  'if leave',
  '    strategy.close_all()',
  '',
  'signal = enterLong ? (reversing ? "REVERSE" : "BUY") : enterShort ? (reversing ? "REVERSE" : "SELL") : leave ? "EXIT" : ""',
  'side = signal == "REVERSE" ? (enterLong ? "buy" : "sell") : ""',
  'closedAt = na(time_close) ? timenow : time_close',
  'if signal != "" and barstate.isrealtime',
  '    head = alertHead(signal, syminfo.ticker, timeframe.period, closedAt, closedAt)',
  '    entry = leave ? "" : entryFields(side, close, stopPrice, targetPrice)',
  '    alert(head + entry + previousFields(heldWay, heldShares) + "}", alert.freq_once_per_bar_close)',
  '    told := true',
  '',
  'plot(held != 0 ? strategy.position_avg_price : na, "Entry", style = plot.style_linebr)',
];
