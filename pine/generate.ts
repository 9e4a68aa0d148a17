import { brokenLimits, limits, longestAlert, sizeOf, tickersPerScript } from './limits.ts';
import { type AlertToCreate, type Manifest, type ManifestScript, webhookPlaceholder } from './manifest.ts';
import { scannerScript, scannerTitle } from './scanner-script.ts';
import { type PineVersion, pineVersions, readTimeframe, readValues, type ScriptSettings } from './settings.ts';
import type { ScriptKind } from './shared-parameters.ts';
import { strategyScript } from './strategy-script.ts';
import { tickerOf } from './symbol.ts';
import { templateOf, templates } from './templates/index.ts';
import { type Listed, readWatchlist } from './watchlist.ts';

/** What is wanted, as people write it. */
export interface Wanted {
  /** The list's text: TradingView's export, or CSV with a column `ticker`. */
  readonly watchlist: string;
  readonly template: string;
  readonly version: string;
  readonly kind: ScriptKind;
  readonly timeframe: string;
  readonly parameters: Readonly<Record<string, string>>;
  /** Of a scanner; fewer tickers a script leave more room under TradingView's 15 alerts in 3 minutes. */
  readonly perScript?: number;
}

export interface GeneratedScript {
  readonly file: string;
  readonly title: string;
  readonly source: string;
}

export interface Generated {
  readonly scripts: readonly GeneratedScript[];
  readonly manifest: Manifest;
}

/** The scripts for a list and their manifest, or sentences on what is wrong. Lines of the list that are none are in the manifest. */
export function generate(wanted: Wanted): Generated | { readonly problems: readonly string[] } {
  const template = templateOf(wanted.template);
  if (template === null) {
    const known = templates.map((one) => one.key).join(', ');
    return { problems: [`There is no template ${JSON.stringify(wanted.template)}; there are ${known}.`] };
  }
  const problems: string[] = [];
  const version = pineVersions.find((one) => one === wanted.version);
  if (!version)
    problems.push(`version: expected ${pineVersions.join(' or ')}, found ${JSON.stringify(wanted.version)}.`);
  const timeframe = readTimeframe(wanted.timeframe);
  if (!timeframe)
    problems.push(`timeframe: expected one like 5, 60, D or W, found ${JSON.stringify(wanted.timeframe)}.`);
  const perScript = wanted.perScript ?? tickersPerScript;
  if (!Number.isInteger(perScript) || perScript < 1 || perScript > tickersPerScript) {
    problems.push(`Tickers a script: expected a whole number from 1 to ${tickersPerScript}, TradingView's limit.`);
  }
  const read = readValues(template, wanted.kind, wanted.parameters);
  if ('problems' in read) problems.push(...read.problems);
  const { tickers, problems: leftOut } = readWatchlist(wanted.watchlist);
  if (tickers.length === 0) {
    problems.push('The watchlist has no ticker.', ...leftOut.map(({ line, message }) => `Line ${line}: ${message}.`));
  }
  if (problems.length > 0 || 'problems' in read || !version || !timeframe) return { problems };

  const settings: ScriptSettings = { template, version, timeframe, values: read.values };
  const made = wanted.kind === 'scanner' ? scanners(settings, tickers, perScript) : strategy(settings, tickers);
  const longest = longestAlert(String(read.values.strategyName));
  const broken = made.flatMap(({ script }) => brokenLimits(script.source).map((one) => `${script.title}: ${one}`));
  if (longest > limits.alertCharacters) broken.push(`An alert may have ${longest} characters.`);
  if (broken.length > 0) return { problems: broken };
  const manifest: Manifest = {
    template: template.key,
    kind: wanted.kind,
    pineVersion: version,
    timeframe,
    parameters: read.values,
    longestAlertCharacters: longest,
    scripts: made.map(({ entry }) => entry),
    leftOut,
  };
  return { scripts: made.map(({ script }) => script), manifest };
}

interface Made {
  readonly script: GeneratedScript;
  readonly entry: ManifestScript;
}

function scanners(settings: ScriptSettings, tickers: readonly Listed[], perScript: number): Made[] {
  const count = Math.ceil(tickers.length / perScript);
  const digits = Math.max(2, String(count).length);
  return Array.from({ length: count }, (_, at) => {
    const own = tickers.slice(at * perScript, (at + 1) * perScript);
    const number = String(at + 1).padStart(digits, '0');
    const title = scannerTitle(settings, number);
    const file = `${settings.template.key}-scanner-v${settings.version}-${settings.timeframe}-${number}.pine`;
    const source = scannerScript(
      settings,
      own.map((one) => one.symbol),
      number,
    );
    const alert = alertFor(title, title, 'Any alert() function call', own[0]!.symbol, settings.timeframe);
    return made({ file, title, source }, own, [alert]);
  });
}

/** One script serves all charts; it is each chart that needs an alert. */
function strategy(settings: ScriptSettings, tickers: readonly Listed[]): Made[] {
  const title = `Signalbox ${settings.template.name}`;
  const file = `${settings.template.key}-strategy-v${settings.version}.pine`;
  const alerts = tickers.map(({ symbol }) =>
    alertFor(
      `${title} ${tickerOf(symbol)} ${settings.timeframe}`,
      title,
      'alert() function calls only',
      symbol,
      settings.timeframe,
    ),
  );
  return [made({ file, title, source: strategyScript(settings) }, tickers, alerts)];
}

const alertFor = (name: string, script: string, trigger: string, symbol: string, timeframe: string): AlertToCreate => ({
  name,
  chart: { symbol, timeframe },
  condition: { script, trigger },
  expiration: 'Expiration: open-ended where your plan has it, else the latest date, and renew it before.',
  message: '',
  webhookUrl: webhookPlaceholder,
});

const made = (script: GeneratedScript, tickers: readonly Listed[], alerts: readonly AlertToCreate[]): Made => ({
  script,
  entry: {
    file: script.file,
    title: script.title,
    ...sizeOf(script.source),
    tickers: tickers.map(({ symbol, section, line }) => ({ symbol, ticker: tickerOf(symbol), section, line })),
    alerts,
  },
});

export type { PineVersion };
