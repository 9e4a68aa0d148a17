import type { Draft } from './finding.ts';
import type { Placeholder } from './placeholders.ts';

const freeText = ['{{strategy.order.comment}}', '{{strategy.order.alert_message}}', '{{strategy.order.id}}'];

/** What is said of a placeholder that still stands in a text that arrived, or that TradingView would leave in it. */
export function unfilled(
  one: Placeholder,
  isMessage: boolean,
): Pick<Draft, 'message' | 'mend' | 'edits'> & { readonly edits: NonNullable<Draft['edits']> } {
  const { source, meant, example, from, until } = one;
  if (meant !== null) {
    const message = `TradingView knows no ${source}; did you mean ${meant}?`;
    return { message, mend: `Write ${meant}.`, edits: [{ from, until, insert: meant }] };
  }
  if (example === null) {
    const mend = 'Write one of TradingView’s, such as {{close}}, {{timenow}} or {{plot_0}} to {{plot_19}}.';
    return { message: `TradingView knows no ${source}, and leaves it as it is`, mend, edits: [] };
  }
  if (isMessage) return { message: `${source} is filled in`, mend: null, edits: [] };
  const where = one.strategy
    ? 'an alert of a strategy'
    : one.plot
      ? 'an alert of a script that has this plot'
      : 'an alert';
  return {
    message: `${source} still stands there: TradingView fills it in ${where}, in the alert's own message`,
    mend: 'Where this is the message of an alert, look at it as one; what arrived so was not filled in.',
    edits: [],
  };
}

/** What is worth knowing of the placeholders that TradingView fills in, once for each kind. */
export function filledDrafts(placeholders: readonly Placeholder[]): readonly Draft[] {
  const known = placeholders.filter(({ example }) => example !== null);
  const first = (test: (one: Placeholder) => boolean): Placeholder | null => known.find(test) ?? null;
  const plot = first((one) => one.plot);
  const text = first((one) => freeText.includes(one.source));
  const strategy = first((one) => one.strategy);
  const draft = (code: Draft['code'], one: Placeholder | null, message: string): Draft[] =>
    one === null ? [] : [{ code, field: null, message, mend: null, span: { from: one.from, until: one.until } }];
  return [
    ...draft('placeholder_plot', plot, `${plot?.source} comes out as NaN on a bar on which it has no value`),
    ...draft('placeholder_strategy', strategy, `${strategy?.source} is filled in alerts of strategies only`),
    ...draft(
      'placeholder_free_text',
      text,
      `${text?.source} is whatever the script says; a quote in it breaks the JSON`,
    ),
  ];
}
