import type { Exposed } from './exposed-metrics.ts';

const aggregations = ['sum', 'min', 'max', 'avg', 'count', 'topk', 'bottomk', 'group', 'stddev', 'quantile'];
const functions = new Set([
  ...aggregations,
  ...[
    'rate',
    'irate',
    'increase',
    'delta',
    'histogram_quantile',
    'absent',
    'abs',
    'ceil',
    'floor',
    'round',
    'clamp_min',
  ],
  ...['clamp_max', 'time', 'timestamp', 'vector', 'scalar', 'label_replace', 'changes', 'resets', 'last_over_time'],
  ...['max_over_time', 'min_over_time', 'avg_over_time', 'sum_over_time', 'count_over_time', 'present_over_time'],
]);
/** These look at a range of a counter or a gauge. */
const ofRanges = new Set(
  [...functions].filter((name) => /_over_time$|^(i?rate|increase|delta|changes|resets)$/.test(name)),
);
const operators = new Set(['and', 'or', 'unless', 'bool', 'offset']);
const groupings = new Set(['by', 'without', 'on', 'ignoring', 'group_left', 'group_right']);
const closing: Readonly<Record<string, string>> = { '(': ')', '{': '}', '[': ']' };

const token =
  /\s+|"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|\d+(?:\.\d+)?(?:ms|[smhdwy])?|[a-zA-Z_:][\w:]*|=~|!~|!=|==|>=|<=|[-+*/%^(){}[\],=<>]|./gy;
const duration = /^\d+(ms|[smhdwy])$/;

/** The labels that Prometheus itself puts on what it scrapes. */
export type TargetLabels = ReadonlyMap<string, ReadonlySet<string>>;

/**
 * What is wrong with a query: brackets, functions there are not, metrics and labels that a scrape does not have, values of labels that no
 * series can have. It is no parser of the whole language: what it does not know it refuses.
 */
export function queryProblems(query: string, exposed: Exposed, targets: TargetLabels): string[] {
  const problems: string[] = [];
  const tokens = [...query.matchAll(token)].map(([word]) => word).filter((word) => word.trim() !== '');
  const open: string[] = [];
  const labels = new Set([...targets.keys(), 'le']);
  const grouped: string[] = [];
  let calls: string[] = [];

  function takeUntil(end: string, at: number): number {
    const found = tokens.indexOf(end, at);
    if (found < 0) throw new Error(`${end} is missing`);
    return found;
  }

  function selector(metric: string, at: number): number {
    const of = metric === 'up' || metric === 'ALERTS' ? new Map() : exposed.get(metric);
    if (!of) problems.push(`there is no metric ${metric}`);
    for (const label of of?.keys() ?? []) labels.add(label);
    let next = at;
    if (tokens[next] === '{') {
      const end = takeUntil('}', next);
      const words = tokens.slice(next + 1, end);
      for (let i = 0; i < words.length; i += 4) problems.push(...matcher(metric, words.slice(i, i + 4), of));
      next = end + 1;
    }
    const isRange = tokens[next] === '[';
    if (isRange) {
      const end = takeUntil(']', next);
      if (!duration.test(tokens.slice(next + 1, end).join(''))) problems.push(`the range of ${metric} is no duration`);
      next = end + 1;
    }
    const call = calls.at(-1);
    if (call !== undefined && ofRanges.has(call) !== isRange)
      problems.push(isRange ? `${call} takes no range` : `${call} takes a range, and ${metric} has none`);
    return next;
  }

  function matcher(metric: string, words: readonly string[], of: ReadonlyMap<string, ReadonlySet<string>> | undefined) {
    const [label, operator, quoted, comma] = words;
    if (!label || !/^(=|!=|=~|!~)$/.test(operator ?? '') || !/^["']/.test(quoted ?? '') || (comma ?? ',') !== ',')
      return [`{${words.join('')}} selects nothing`];
    const values = of?.get(label) ?? targets.get(label);
    if (!of) return [];
    if (!values) return [`${metric} has no label ${label}`];
    const value = quoted!.slice(1, -1);
    const wanted = operator === '=~' || operator === '!~' ? value.split('|') : [value];
    return wanted
      .filter((one) => one !== '' && !one.startsWith('$') && !/[.*+?()]/.test(one) && !values.has(one))
      .map((one) => `${metric} never has ${label}="${one}"`);
  }

  try {
    for (let at = 0; at < tokens.length; ) {
      const word = tokens[at]!;
      at++;
      if (closing[word]) {
        open.push(closing[word]);
        if (word === '(') calls.push('');
      } else if (/^[)}\]]$/.test(word)) {
        if (open.pop() !== word) return [...problems, `${word} closes nothing`];
        if (word === ')') calls = calls.slice(0, -1);
      } else if (groupings.has(word)) {
        if (tokens[at] !== '(') return [...problems, `${word} has no list of labels`];
        const end = takeUntil(')', at);
        grouped.push(...tokens.slice(at + 1, end).filter((one) => one !== ','));
        at = end + 1;
      } else if (operators.has(word)) {
        // It stands between two queries, and has no labels of its own.
      } else if (/^[a-zA-Z_:]/.test(word)) {
        if (tokens[at] === '(' || groupings.has(tokens[at] ?? '')) {
          if (!functions.has(word)) problems.push(`there is no function ${word}`);
          if (tokens[at] === '(') {
            open.push(')');
            calls.push(word);
            at++;
          }
        } else at = selector(word, at);
      } else if (!/^["'\d]|^[-+*/%^,=<>]$|^(==|!=|>=|<=)$/.test(word)) problems.push(`${word} does not belong here`);
    }
  } catch (error) {
    return [...problems, (error as Error).message];
  }
  if (open.length > 0) problems.push(`${open.at(-1)} is missing`);
  for (const label of grouped) if (!labels.has(label)) problems.push(`nothing in it has the label ${label}`);
  return problems;
}
