import { type SizingChoice, sizingChoices } from '../../contract/index.ts';
import type { ChosenMethod, StrategySettings } from '../../core/model/settings.ts';
import type { Parameters } from '../../core/parameters.ts';
import { chosenOf, type SizingBook } from '../../pipeline/sizing/book.ts';
import type { App, HttpParts } from '../parts.ts';
import { HttpProblem } from '../problems.ts';
import { createRoute, describeRoute } from '../route.ts';

/** The ways of sizing, for a form. */
export function sizingRoutes(app: App, { sizing }: Pick<HttpParts, 'sizing'>): void {
  const choices = { methods: sizing.methods.map(shown), stops: sizing.stops.map(shown) };
  app.openapi(
    createRoute(
      describeRoute({
        method: 'get',
        path: '/api/v1/sizing',
        tag: 'Controls',
        summary: 'The ways to size an entry and to place a stop, with their parameters',
        answer: sizingChoices,
      }),
    ),
    (c) => c.json(choices, 200),
  );
}

interface Listed {
  readonly key: string;
  readonly name: string;
  readonly says: string;
  readonly parameters: Parameters;
}

const shown = ({ key, name, says, parameters }: Listed): SizingChoice => ({
  key,
  name,
  says,
  parameters: Object.entries(parameters).map(([parameter, { kind, label, default: value }]) => ({
    ...{ name: parameter, kind, label },
    default: value as string | number | boolean,
  })),
});

/** Refuses a method that there is not, and parameters that it cannot read: a strategy that is stored can be sized by. */
export function requireSizing(book: SizingBook, change: Partial<Pick<StrategySettings, 'sizing' | 'stop'>>): void {
  const check = (field: string, known: readonly Listed[], chosen: ChosenMethod | undefined) => {
    const read = chosen && chosenOf(known, chosen);
    if (typeof read !== 'string') return;
    throw new HttpProblem(400, 'SIZING_UNREADABLE', 'The settings cannot be used', `${read}. Nothing was changed.`, [
      { field: `settings.${field}`, code: 'SIZING_UNREADABLE', message: read },
    ]);
  };
  check('sizing', book.methods, change.sizing);
  check('stop', book.stops, change.stop);
}
