import { writeFile } from 'node:fs/promises';
import { type LintCode, lintCodes, ruleOf, severitiesInOrder } from '../pipeline/intake/lint/codes.ts';

/** Where the page is. */
export const linterPageUrl = new URL('../../docs/linter.md', import.meta.url);

const cell = (text: string): string =>
  text
    .replaceAll('|', '\\|')
    .replaceAll('\n', '⏎')
    .replaceAll('\u0000', '␀')
    .replaceAll(/x{40,}/g, 'xxx…');

function row(code: LintCode): string {
  const { says, mend, example } = ruleOf(code);
  const told = example
    ? `\`\` ${cell(example.text)} \`\`${example.as ? ' (as a message)' : ''}${example.dialect ? ` (as ${example.dialect})` : ''}`
    : 'told by the server';
  return `| \`${code}\` | ${cell(says)} | ${cell(mend)} | ${told} |`;
}

const titles = {
  error: ['Mistakes', 'The alert would be refused.'],
  warning: ['Warnings', 'It would be taken, and probably not as it was meant.'],
  note: ['Notes', 'Worth knowing.'],
} as const;

/** The page of the linter, with every code and an example that has it. */
export function linterPage(): string {
  const sections = severitiesInOrder.map((severity) => {
    const [title, says] = titles[severity];
    const rows = lintCodes.filter((code) => ruleOf(code).severity === severity).map(row);
    return [
      `## ${title}`,
      '',
      says,
      '',
      '| code | what it is | what to do | example |',
      '|---|---|---|---|',
      ...rows,
    ].join('\n');
  });
  return [
    '<!-- Made by `node server/cli/generate-linter.ts`; a test fails when it is out of date. -->',
    '# The linter',
    '',
    'Tells of an alert’s text what it would be taken for, what would be done at what size, and each mistake with its place and what to write instead. It reads by',
    'intake’s own readers, so that what it says is what happens; it stores and sends nothing.',
    '',
    '- The page **Check alert** looks while you type. A refused alert’s receipt leads there with its text.',
    '- `npm run lint:alert -- alert.json other.json -` reads files and the standard input. It needs no server; with `--server URL --token TOKEN` it tells the size as well.',
    '  It ends with 0 where all would be taken, 1 where one would be refused (with `--strict`, also where there is a warning), 2 where it could not look. `--mend` prints the mended text, `--json` all of it.',
    '- `POST /api/v1/lint` takes `{"text": "…"}`, for analysts, traders and admins, five times a second each and thirty at once:',
    '',
    '```sh',
    "curl -X POST http://127.0.0.1:8080/api/v1/lint -H 'authorization: Bearer …' -H 'content-type: application/json' \\",
    `  -d '{"text":"{\\"signal\\":\\"BUY\\",\\"ticker\\":\\"AAPL\\",\\"risk\\":100,}"}'`,
    '```',
    '',
    '`as` says what the text is. `received` is what arrived: a placeholder in it was not filled in, and is a mistake. `message` is what stands in TradingView’s box: the',
    'placeholders that TradingView knows are filled with examples before anything is read, and the others are told with what was probably meant.',
    '',
    '`source`, the id of a source, has its dialect, template, units, strategy and secret count. Then `proofs` says what of that which the source asks for is in the text, and',
    '`identity.seen` whether the same alert was taken in already. `dialect` overrules the source. `size` is what `POST /api/v1/risk/check` answers',
    '([decision-api.md](decision-api.md)).',
    '',
    '`mended` is a better text, where it is clear what was meant: of two different values for one field, or of a percentage where an amount belongs, only a person knows.',
    'Secrets in it are masked, as in all that is answered; `mended.edits`, from the last to the first, lead from the text that was sent to the whole one.',
    '',
    'Codes are stable. `line` and `column` count from 1, `from` and `until` are offsets in UTF-16 units, `pointer` is a JSON pointer.',
    '',
    sections.join('\n\n'),
    '',
  ].join('\n');
}

if (import.meta.main) await writeFile(linterPageUrl, linterPage());
