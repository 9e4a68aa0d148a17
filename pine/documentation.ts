import { expectedOf } from './settings.ts';
import { parametersOf } from './shared-parameters.ts';
import type { TemplateParameter } from './template.ts';
import { templates } from './templates/index.ts';

const row = (one: TemplateParameter): string =>
  `| \`${one.name}\` | ${one.default} | ${expectedOf(one)} | ${one.says} |`;
const table = (parameters: readonly TemplateParameter[]): string[] => [
  '| Parameter | Default | May be | |',
  '| --- | --- | --- | --- |',
  ...parameters.map(row),
];

/** The part of docs/pine.md that lists the templates: each in three sentences, with its parameters, and those that all have. */
export function templatesMarkdown(): string {
  const first = templates[0]!;
  const shared = parametersOf(first, 'scanner').slice(first.parameters.length);
  const parts = templates.flatMap((one) => [
    `### ${one.name}: \`${one.key}\``,
    one.says.join(' '),
    '',
    ...table(one.parameters),
    '',
  ]);
  const all = shared.map((one) => (one.name === 'strategyName' ? { ...one, default: 'the template’s name' } : one));
  return [...parts, '### Parameters of every template', 'The last is a scanner’s alone.', '', ...table(all), ''].join(
    '\n',
  );
}
