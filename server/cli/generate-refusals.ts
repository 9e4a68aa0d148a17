import { writeFile } from 'node:fs/promises';
import { type RefusalCode, refusalCodes, refusals } from '../core/model/refusals.ts';
import type { ParameterValue } from '../core/model/risk-limit.ts';
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

const shown = (value: ParameterValue): string =>
  Array.isArray(value) ? (value.length === 0 ? 'none' : value.join(', ')) : String(value);

/** Every rule of the risk gate with its parameters, as a page. */
export function riskRulesPage(rules: readonly Rule[]): string {
  const who = { entries: 'entries', all: 'entries and exits' };
  const on = (rule: Rule) => (rule.on === 'always' ? 'always' : rule.on ? 'on' : 'off');
  return [
    generated,
    '# The rules of the risk gate',
    '',
    'Asked in this order, all of them, for every alert, while the account is locked. Each answer is kept on the receipt with what the rule looked at. One denial is',
    'enough; the first gives the [code](refusals.md). What is missing never means allowed.',
    '',
    '| | rule | holds for | at first | says |',
    '|---|---|---|---|---|',
    ...rules.map(
      (rule, i) =>
        `| ${i + 1} | [${rule.key}](../server/pipeline/risk/rules/${rule.key}.ts) | ${who[rule.appliesTo]} | ${on(rule)} | ${rule.says} |`,
    ),
    '',
    '**Exits are never blocked by limits for entries.** An alert against an open position, or against an entry that is not filled yet, is an exit. It is held to four',
    'things only: an account that trades, an alert that is not too old, a ticker that trades, and something to close. Its age counts because an exit that is carried out hours',
    'late may close a position that was opened since.',
    '',
    '## Limits',
    '',
    'A limit is a rule with its parameters, for everything or for one account, strategy, sector or symbol. Set it on the page Risk or by `PUT /api/v1/risk/limits`, with a',
    'reason; every change is a version with its author, and an event. Limits are read anew for every decision, and cannot change under one.',
    '',
    'A limit for everything holds where nobody has said more. Where limits for an account, a strategy, a sector or a symbol cover an order, they are held in its place,',
    'each of them: of an account’s limit and a strategy’s both. One that is switched off is an exemption. A limit that cannot be read refuses the entries it covers.',
    '',
    'What becomes of an order that breaks a limit is its severity: `deny`; `reduce` it to what is allowed, always downwards, and ask every rule again of what is left; `ask` a',
    'person; `warn` and send it.',
    '',
    'Fractions and amounts are decimal text: `"0.2"` is 20 %.',
    '',
    '| rule | may be set for | severities, the first at first | parameter | default | is the |',
    '|---|---|---|---|---|---|',
    ...rules.flatMap((rule) => {
      const parameters = Object.entries(rule.parameters);
      if (parameters.length === 0 && rule.on === 'always') return [];
      const about = `${rule.scopes.join(', ')} | ${rule.severities.join(', ')}`;
      if (parameters.length === 0) return [`| ${rule.key} | ${about} | | | |`];
      return parameters.map(
        ([name, { label, default: value }], i) =>
          `| ${i === 0 ? rule.key : ''} | ${i === 0 ? about : ' | '} | \`${name}\` | ${shown(value)} | ${label.slice(0, 1).toLowerCase()}${label.slice(1)} |`,
      );
    }),
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
