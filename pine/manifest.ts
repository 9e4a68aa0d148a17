import type { ScriptKind } from './shared-parameters.ts';
import type { ParameterValue } from './template.ts';
import type { ListProblem } from './watchlist.ts';

/** The alert that is to be created for a script, field by field of TradingView's dialog. */
export interface AlertToCreate {
  readonly name: string;
  /** The chart to open first; its ticks are what makes a scanner look. */
  readonly chart: { readonly symbol: string; readonly timeframe: string };
  /** The script, and what of it. */
  readonly condition: { readonly script: string; readonly trigger: string };
  readonly expiration: string;
  /** Empty: the text comes from the script. */
  readonly message: string;
  readonly webhookUrl: string;
}

export interface ManifestTicker {
  readonly symbol: string;
  /** As the alert names it. */
  readonly ticker: string;
  readonly section: string | null;
  /** Of the watchlist. */
  readonly line: number;
}

export interface ManifestScript {
  readonly file: string;
  readonly title: string;
  readonly bytes: number;
  readonly securityCalls: number;
  readonly tupleElements: number;
  readonly estimatedTokens: number;
  readonly tickers: readonly ManifestTicker[];
  readonly alerts: readonly AlertToCreate[];
}

/** What was made, which ticker is where, and the alerts to create. */
export interface Manifest {
  readonly template: string;
  readonly kind: ScriptKind;
  readonly pineVersion: string;
  readonly timeframe: string;
  readonly parameters: Readonly<Record<string, ParameterValue>>;
  readonly longestAlertCharacters: number;
  readonly scripts: readonly ManifestScript[];
  /** Lines of the watchlist that were not taken over. */
  readonly leftOut: readonly ListProblem[];
}

/** Where the webhook's address goes: it is a secret, and not written into files. */
export const webhookPlaceholder = 'https://YOUR-HOST/hooks/SOURCE/TOKEN';

const cell = (text: string): string => (/[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);

/** Which ticker is where, as CSV: a line a ticker. */
export function manifestCsv(manifest: Manifest): string {
  const rows = manifest.scripts.flatMap((script) =>
    script.tickers.map((ticker, at) => {
      // A scanner has one alert for all its tickers, a strategy one for each.
      const alert = script.alerts[manifest.kind === 'scanner' ? 0 : at];
      return [
        ticker.ticker,
        ticker.symbol,
        ticker.section ?? '',
        String(ticker.line),
        script.file,
        script.title,
        alert?.name ?? '',
      ];
    }),
  );
  const header = ['ticker', 'symbol', 'section', 'line', 'file', 'script', 'alert'];
  return `${[header, ...rows].map((row) => row.map(cell).join(',')).join('\n')}\n`;
}

const code = (text: string): string => `\`${text}\``;

/** For people: the alerts to create, one after the other, and which ticker is where. */
export function manifestMarkdown(manifest: Manifest): string {
  const { scripts, leftOut } = manifest;
  const tickers = scripts.reduce((sum, script) => sum + script.tickers.length, 0);
  const alerts = scripts.reduce((sum, script) => sum + script.alerts.length, 0);
  const lines = [
    `# ${manifest.template}, ${manifest.kind}, Pine v${manifest.pineVersion}, timeframe ${manifest.timeframe}`,
    '',
    `Tickers: ${tickers}. Scripts: ${scripts.length}. Alerts to create: ${alerts}.`,
    '',
    'For every alert: open the chart, add the script to it, create an alert with the condition, leave the message as it is, and put your webhook’s address',
    `(${code(webhookPlaceholder)}) under Notifications. ${scripts[0]?.alerts[0]?.expiration ?? ''}`,
    '',
    `Parameters: ${Object.entries(manifest.parameters)
      .map(([name, value]) => code(`${name}=${value}`))
      .join(', ')}.`,
    '',
    '| Alert | Chart | Timeframe | Condition | Script |',
    '| --- | --- | --- | --- | --- |',
    ...scripts.flatMap((script) =>
      script.alerts.map(
        ({ name, chart, condition }) =>
          `| ${name} | ${chart.symbol} | ${chart.timeframe} | ${condition.script}: ${condition.trigger} | ${code(script.file)} |`,
      ),
    ),
    '',
    '## Which ticker is where',
    '',
    ...scripts.map((script) => `- ${code(script.file)}: ${script.tickers.map((one) => one.symbol).join(', ')}`),
  ];
  if (leftOut.length > 0) {
    lines.push('', '## Left out', '', ...leftOut.map(({ line, message }) => `- Line ${line}: ${message}.`));
  }
  return `${lines.join('\n')}\n`;
}
