import { exampleCurl } from '../build/setup-commands.ts';
import type { ExchangeAddresses } from './accounts.ts';

/** What `--ready-file` holds, and what a person is told. */
export interface Greeting {
  readonly dashboardUrl: string;
  readonly webhookUrl: string;
  readonly apiUrl: string;
  readonly apiToken: string;
  /** Where Prometheus finds this process’s figures. */
  readonly metricsUrl: string;
  readonly exchange: ExchangeAddresses | null;
}

interface Circumstances {
  readonly signInUrl: string;
  readonly minutes: number;
  readonly mode: 'PAPER' | 'LIVE';
  /** Whether the embedded exchange trades equities round the clock. */
  readonly alwaysOpen: boolean;
  readonly venues: readonly ('embedded' | 'alpaca-paper' | 'alpaca-live')[];
  readonly tookMs: number;
  readonly dataDir: string;
}

const venueSays = {
  embedded: 'the embedded paper exchange, open round the clock, with play money',
  'alpaca-paper': 'Alpaca, the paper account',
  'alpaca-live': 'Alpaca, the live account, once the alert, the strategy and the master switch say so too',
} as const;
const inHours = 'the embedded paper exchange, in New York’s hours, with play money';

/** Prints where everything is, and what to do first. */
export function greet(greeting: Greeting, circumstances: Circumstances): void {
  const colours = process.stdout.isTTY && !process.env.NO_COLOR;
  const paint = (code: string, words: string): string => (colours ? `\u001b[${code}m${words}\u001b[0m` : words);
  const { mode, minutes, signInUrl, tookMs, venues, alwaysOpen, dataDir } = circumstances;
  const lines = [
    '',
    `  ${paint('1', 'Signalbox')} is ready after ${(tookMs / 1000).toFixed(1)} s, in ${mode === 'LIVE' ? paint('30;43', ' LIVE ') : paint('30;46', ' PAPER ')} mode.`,
    '',
    `  Dashboard  ${greeting.dashboardUrl}`,
    `  Sign in    ${signInUrl}`,
    `             (good once, for ${minutes} minutes; a new one at the next start)`,
    `  Webhook    ${greeting.webhookUrl}`,
    ...venues.map(
      (venue, at) =>
        `  ${at === 0 ? 'Trades at' : '         '}  ${venue === 'embedded' && !alwaysOpen ? inHours : venueSays[venue]}`,
    ),
    `  Data       ${dataDir}`,
    '',
    '  Send a first alert:',
    '',
    `  ${exampleCurl(greeting.webhookUrl)}`,
    '',
    '  Ctrl-C stops it; nothing is lost.',
    '',
  ];
  process.stdout.write(`${lines.join('\n')}\n`);
}
