import { alertFunctions } from './alert-functions.ts';
import { block, inputLine, literal } from './pine-text.ts';
import type { ScriptSettings } from './settings.ts';
import { alertWindowSeconds, parametersOf } from './shared-parameters.ts';
import { tickerOf } from './symbol.ts';

/** Values that each ticker's call for data returns; TradingView allows 127 of all calls together. */
export const valuesPerTicker = 3;

/** What a scanner is called on TradingView: `Signalbox RSI reversal 5 07`. */
export const scannerTitle = ({ template, timeframe }: ScriptSettings, number: string): string =>
  `Signalbox ${template.name} ${timeframe} ${number}`;

/** An indicator that watches several tickers, one call for data each. `number` is its place among the scripts of its list. */
export function scannerScript(settings: ScriptSettings, symbols: readonly string[], number: string): string {
  const { template, version, timeframe, values } = settings;
  const title = scannerTitle(settings, number);
  const names = symbols.map((_, at) => String(at + 1).padStart(2, '0'));
  return `${[
    `//@version=${version}`,
    `// ${title}: ${symbols.length} ${symbols.length === 1 ? 'ticker' : 'tickers'}, an alert for each entry and exit of each, once its bar has closed. Written by Signalbox.`,
    ...template.says.map((sentence) => `// ${sentence}`),
    '// Create one alert: condition this indicator, "Any alert() function call"; the message is the script’s own.',
    `indicator(${literal(title)}, overlay = true)`,
    '',
    ...parametersOf(template, 'scanner').map((parameter) => inputLine(parameter, values[parameter.name]!)),
    `scanTimeframe = ${literal(timeframe)}`,
    '',
    ...alertFunctions,
    '',
    'rules() =>',
    ...block(template.rules),
    '',
    ...scanned,
    '',
    '// One call for data a ticker; a ticker that is not found is left out, and the others go on.',
    ...symbols.map(
      (symbol, at) =>
        `[stamp${names[at]}, entry${names[at]}, stop${names[at]}] = request.security(${literal(symbol)}, scanTimeframe, scanned(), ignore_invalid_symbol = true)`,
    ),
    `tickers = array.from(${symbols.map((symbol) => literal(tickerOf(symbol))).join(', ')})`,
    `stamps = array.from(${names.map((name) => `stamp${name}`).join(', ')})`,
    `entries = array.from(${names.map((name) => `entry${name}`).join(', ')})`,
    `stops = array.from(${names.map((name) => `stop${name}`).join(', ')})`,
    '',
    ...telling(symbols.length),
  ].join('\n')}\n`;
}

const scanned: readonly string[] = [
  '// What happened on the last closed bar of a ticker. All of it is one bar back ([1]), and so of a bar that cannot change any more: nothing',
  '// repaints. The stamp holds the close of that bar, what was held before it (0 short, 1 flat, 2 long) and what to do (1 long, 2 short, 3 exit).',
  'scanned() =>',
  '    [goLong, goShort, leaveLong, leaveShort, longStop, shortStop] = rules()',
  '    var int held = 0',
  '    var float stop = na',
  '    var float target = na',
  '    // What the stop or the target closed during the bar is closed at the venue as well, which has both: no alert.',
  '    if held > 0 and (low <= stop or high >= target)',
  '        held := 0',
  '    if held < 0 and (high >= stop or low <= target)',
  '        held := 0',
  '    before = held + 1',
  '    int code = 0',
  '    if goLong and direction != "short" and held <= 0 and longStop < close',
  '        held := 1',
  '        stop := longStop',
  '        code := 1',
  '    else if goShort and direction != "long" and held >= 0 and shortStop > close',
  '        held := -1',
  '        stop := shortStop',
  '        code := 2',
  '    else if leaveLong and held > 0 or leaveShort and held < 0',
  '        held := 0',
  '        code := 3',
  '    if code == 1 or code == 2',
  '        target := rewardMultiple > 0 ? close + rewardMultiple * (close - stop) : na',
  '    stamp = time_close * 100 + before * 10 + code',
  '    [stamp[1], close[1], stop[1]]',
];

const telling = (count: number): readonly string[] => [
  'if timeframe.in_seconds() > timeframe.in_seconds(scanTimeframe)',
  '    runtime.error("Put this scanner on a chart of " + scanTimeframe + " or less.")',
  '',
  '// Kept from tick to tick: the last bar of each ticker that was looked at, whether an alert of it was sent since the start, the alerts that wait, and when',
  '// the last ones were sent.',
  `varip seen = array.new_int(${count}, 0)`,
  `varip told = array.new_bool(${count}, false)`,
  'varip exits = array.new_string(0)',
  'varip openings = array.new_string(0)',
  'varip sentAt = array.new_int(0)',
  'varip bool started = false',
  '',
  'withoutData = 0',
  `for i = 0 to ${count - 1}`,
  '    stamp = array.get(stamps, i)',
  '    if na(stamp)',
  '        withoutData := withoutData + 1',
  '    if stamp > array.get(seen, i)',
  '        array.set(seen, i, stamp)',
  '        code = stamp % 10',
  '        // What closed before the alert was there is past.',
  '        if started and code > 0',
  '            before = int(stamp / 10) % 10',
  '            closedAt = int(stamp / 100)',
  '            known = array.get(told, i)',
  '            reversing = known and (code == 1 and before == 0 or code == 2 and before == 2)',
  '            signal = code == 3 ? "EXIT" : reversing ? "REVERSE" : code == 1 ? "BUY" : "SELL"',
  '            side = not reversing ? "" : code == 1 ? "buy" : "sell"',
  '            heldWay = not known ? "" : before == 0 ? "short" : before == 1 ? "flat" : "long"',
  '            entryPrice = array.get(entries, i)',
  '            stopLoss = array.get(stops, i)',
  '            takeProfit = rewardMultiple > 0 ? priced(entryPrice + rewardMultiple * (entryPrice - stopLoss)) : na',
  '            // A daily bar is acted on when the next one opens, which may be days later; a shorter one at once, or it is old.',
  '            firedAt = timeframe.in_seconds(scanTimeframe) >= 86400 ? timenow : closedAt',
  '            head = alertHead(signal, array.get(tickers, i), scanTimeframe, closedAt, firedAt)',
  '            tail = previousFields(heldWay, before == 1 ? 0.0 : na) + "}"',
  '            if code == 3',
  '                array.push(exits, head + tail)',
  '            else',
  '                array.push(openings, head + entryFields(side, entryPrice, priced(stopLoss), takeProfit) + tail)',
  '            array.set(told, i, true)',
  'started := barstate.isrealtime',
  '',
  `// TradingView stops an alert that triggers more than 15 times in 3 minutes: what is over mostAlerts waits for its turn, exits first.`,
  'past = 0',
  'for at in sentAt',
  `    if timenow - at > ${(alertWindowSeconds + 1) * 1000}`,
  '        past := past + 1',
  'if past > 0',
  '    for i = 1 to past',
  '        array.shift(sentAt)',
  'room = math.min(mostAlerts - array.size(sentAt), array.size(exits) + array.size(openings))',
  'if room > 0',
  '    for i = 1 to room',
  '        if array.size(exits) > 0',
  '            alert(array.shift(exits), alert.freq_all)',
  '        else',
  '            alert(array.shift(openings), alert.freq_all)',
  '        array.push(sentAt, timenow)',
  '',
  'plot(array.size(exits) + array.size(openings), "Alerts that wait", display = display.data_window)',
  'plot(withoutData, "Tickers without data", display = display.data_window)',
];
