import { writeFile } from 'node:fs/promises';
import { type RefusalCode, refusalCodes, refusals } from '../core/model/refusals.ts';
import { defaultSettings, type RiskLimits } from '../core/model/settings.ts';
import { loadRules } from '../pipeline/risk/load-rules.ts';
import type { Rule } from '../pipeline/risk/rule.ts';

const docs = new URL('../../docs/', import.meta.url);
const generated = '<!-- Made by `node server/cli/generate-refusals.ts`; a test fails when it is out of date. -->';

const stages: readonly { readonly prefix: string; readonly title: string; readonly means: string }[] = [
  {
    prefix: 'INTAKE_',
    title: 'The alert was not understood',
    means:
      'Answered at once with 400 and every field that is wrong. The alert is kept and shown, and nothing is decided.',
  },
  {
    prefix: 'RISK_',
    title: 'The risk gate denied it',
    means:
      'The alert was understood, and no order was made. Its receipt has every rule’s verdict with the numbers; the first that denies gives the code.',
  },
  {
    prefix: 'EXECUTION_',
    title: 'The order was approved, and not carried out',
    means: 'The order is final with the status `rejected`. What was filled before, if anything, stands in the ledger.',
  },
];

/** Every refusal, as a page. Throws when a code belongs to no stage. */
export function refusalsPage(codes: readonly RefusalCode[] = refusalCodes): string {
  const stray = codes.filter((code) => !stages.some(({ prefix }) => code.startsWith(prefix)));
  if (stray.length > 0) throw new Error(`${stray.join(', ')}: the first word of a refusal must name its stage`);
  const sections = stages.map(({ prefix, title, means }) => {
    const rows = codes.filter((code) => code.startsWith(prefix)).map((code) => `| \`${code}\` | ${refusals[code]} |`);
    return [`## ${title}`, '', means, '', '| code | means |', '|---|---|', ...rows].join('\n');
  });
  return [
    generated,
    '# Refusals',
    '',
    'Every reason for which an alert or an order is not carried out. The list is closed: nothing is ever refused for a reason that is not here.',
    'The code is for machines; with it always comes a sentence with the numbers: “Not sent: AAPL would be 23.4 % of equity, the limit is 20 %.”',
    'The rules behind the `RISK_` codes are in [risk-rules.md](risk-rules.md).',
    '',
    sections.join('\n\n'),
    '',
  ].join('\n');
}

const limitMeanings: Readonly<Record<keyof RiskLimits, string>> = {
  maxAlertAgeSeconds: 'seconds that an alert counts for, by its own clock, else since it was received',
  maxPriceDistance: 'furthest that the entry may be from the middle of the quote, as a fraction of it',
  maxPositionOfEquity: 'largest value of one position, as a fraction of equity',
  maxExposureOfEquity: 'largest value of all positions and open entries together, as a fraction of equity',
  maxOpenOrders: 'entries and exits that may be open at once; protective legs do not count',
  maxOrderValue: 'largest value of one entry, in the account’s currency; null: none',
  maxDailyLossOfEquity: 'loss since New York’s midnight at which entries stop, as a fraction of equity then',
  maxQuoteAgeSeconds: 'seconds after which a quote counts as none',
  defaultBarSeconds: 'length of a bar when the alert names no timeframe',
};

/** Every rule of the risk gate and every limit, as a page. */
export function riskRulesPage(rules: readonly Rule[]): string {
  const who = { entries: 'entries', all: 'entries and exits' };
  return [
    generated,
    '# The rules of the risk gate',
    '',
    'Asked in this order, all of them, for every alert, while the account is locked. Each answer is kept on the receipt with what the rule looked at. One denial is',
    'enough; the first gives the [code](refusals.md).',
    '',
    '| | rule | holds for | says |',
    '|---|---|---|---|',
    ...rules.map(
      ({ key, appliesTo, says }, i) =>
        `| ${i + 1} | [${key}](../server/pipeline/risk/rules/${key}.ts) | ${who[appliesTo]} | ${says} |`,
    ),
    '',
    '**Exits are never blocked by limits for entries.** An alert against an open position, or against an entry that is not filled yet, is an exit. It is held to four',
    'things only: an account that trades, an alert that is not too old, a ticker that trades, and something to close. Its age counts because an exit that is carried out hours',
    'late may close a position that was opened since.',
    '',
    '## The limits',
    '',
    'Set under Settings in the dashboard, or by the API. They are read anew for every decision, and cannot change under one. Fractions are decimal text: `"0.2"` is 20 %.',
    '',
    '| limit | default | is the |',
    '|---|---|---|',
    ...Object.entries(limitMeanings).map(
      ([key, means]) => `| \`${key}\` | \`${defaultSettings.risk[key as keyof RiskLimits]}\` | ${means} |`,
    ),
    '',
  ].join('\n');
}

/** What stands in docs/ by file name, as it should be. */
export async function pages(): Promise<ReadonlyMap<string, string>> {
  return new Map([
    ['refusals.md', refusalsPage()],
    ['risk-rules.md', riskRulesPage(await loadRules())],
  ]);
}

export const pageUrl = (file: string): URL => new URL(file, docs);

if (import.meta.main) {
  for (const [file, page] of await pages()) await writeFile(pageUrl(file), page);
}
