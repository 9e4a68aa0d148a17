import type { ParameterValue, TemplateParameter } from './template.ts';

/** A text as Pine writes it, in double quotes. Line breaks, which a Pine text cannot hold, become spaces. */
export const literal = (text: string): string =>
  `"${text
    .replace(/[\r\n]+/g, ' ')
    .replaceAll('\\', '\\\\')
    .replaceAll('"', '\\"')}"`;

/** A number as Pine writes it: never with an exponent. */
export function pineNumber(value: number): string {
  const plain = String(value);
  return plain.includes('e') ? value.toFixed(12).replace(/\.?0+$/, '') : plain;
}

/** Indents lines by one block of Pine, which is four spaces. */
export const block = (lines: readonly string[]): string[] => lines.map((line) => (line === '' ? '' : `    ${line}`));

/** The line that declares a parameter as an input of the script, by its own name. */
export function inputLine(parameter: TemplateParameter, value: ParameterValue): string {
  const { name, kind } = parameter;
  const told = `${literal(name)}, tooltip = ${literal(parameter.says)}`;
  switch (kind) {
    case 'int':
    case 'float': {
      const bounds = `minval = ${pineNumber(parameter.min ?? 0)}, maxval = ${pineNumber(parameter.max ?? 1e12)}`;
      const text = pineNumber(value as number);
      const written = kind === 'float' && !text.includes('.') ? `${text}.0` : text;
      return `${name} = input.${kind}(${written}, ${told}, ${bounds})`;
    }
    case 'bool':
      return `${name} = input.bool(${value}, ${told})`;
    case 'choice':
      return `${name} = input.string(${literal(String(value))}, ${told}, options = [${(parameter.options ?? []).map(literal).join(', ')}])`;
    case 'timeframe':
      return `${name} = input.timeframe(${literal(String(value))}, ${told})`;
    case 'text':
      return `${name} = input.string(${literal(String(value))}, ${told})`;
  }
}
