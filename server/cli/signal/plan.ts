import { decimal, rounding, text } from '../../core/decimal.ts';
import type { Clock } from '../../core/ports/clock.ts';
import type { Random } from '../../core/ports/random.ts';
import { seededRandom } from '../../exchange/market/seeded-random.ts';
import type { Dialect } from '../../pipeline/intake/dialect.ts';
import { readJson } from '../../pipeline/intake/json-text.ts';
import { type AlertFill, fillAlert } from '../../pipeline/intake/samples/fill-alert.ts';
import { type SignalOptions, UsageProblem } from './options.ts';
import { putSecret } from './put-secret.ts';
import type { FileAlert } from './read-alerts.ts';
import type { Ticker } from './tickers.ts';

/** An alert that is to be sent. */
export interface PlannedAlert {
  readonly number: number;
  readonly text: string;
  /** As one line says it. */
  readonly about: string;
  /** What is to come of it. */
  readonly expect: string;
}

export interface Plan {
  readonly count: number;
  /** The alert of this number, from 1; asked for in order, as it is due. */
  alert(number: number): PlannedAlert;
}

export interface PlanParts {
  readonly options: SignalOptions;
  readonly templates: readonly FileAlert[];
  /** Empty: none were said. */
  readonly tickers: readonly Ticker[];
  readonly clock: Pick<Clock, 'now'>;
  readonly random: Pick<Random, 'id'>;
}

/** What a run sends. Sides and prices are those of the seed; ids and times are of the moment. */
export function createPlan({ options, templates, tickers, clock, random }: PlanParts): Plan {
  const draw = seededRandom(options.seed);
  const seen = new Map<string, number>();
  const own = options.side !== null;
  const listed: readonly Ticker[] =
    tickers.length > 0 ? tickers : [{ ticker: options.ticker ?? 'AAPL', exchange: 'NASDAQ' }];
  const count = options.count ?? Math.max(templates.length, tickers.length);

  function fillOf(number: number): AlertFill {
    const { ticker, exchange } = listed[(number - 1) % listed.length]!;
    const side = options.side === 'mix' ? (draw.next() < 0.5 ? 'buy' : 'sell') : (options.side ?? 'buy');
    const nth = (seen.get(`${side} ${ticker}`) ?? 0) + 1;
    seen.set(`${side} ${ticker}`, nth);
    // A price that was said is sent as it was said.
    const walk = options.priced ? '1' : (1 + draw.bell() * 0.002).toFixed(6);
    const price = text(decimal(options.price).times(walk).round(2, rounding.halfAwayFromZero));
    const { quantity, risk, stop, target, strategy, interval, production, bodySecret } = options;
    return {
      ...{ side, ticker, exchange, quantity, risk, price, stop, target, strategy, interval, number, nth },
      mode: production ? 'Production' : 'Paper',
      secret: bodySecret?.value ?? null,
      at: clock.now(),
      id: random.id(),
    };
  }

  return {
    count,
    alert(number) {
      const template = templates[(number - 1) % templates.length]!;
      const fill = fillOf(number);
      const filled = template.exact ? template.text : fillAlert(template.text, fill);
      const alert = options.bodySecret === null ? filled : putSecret(filled, options.bodySecret);
      return {
        number,
        text: alert,
        about: own ? `${fill.side.toUpperCase()} ${fill.ticker}` : oneLine(template.text),
        expect: options.expect ?? template.expect ?? 'taken',
      };
    },
  };
}

const oneLine = (alert: string): string => {
  const line = alert.replace(/\s+/g, ' ').trim();
  return line.length > 60 ? `${line.slice(0, 59)}…` : line;
};

/** Throws a `UsageProblem` where an alert asks for production, in whatever dialect it might be read, and nobody confirmed that. */
export function refuseProduction(
  plan: { readonly templates: readonly FileAlert[]; readonly filled: (template: string) => string },
  dialects: readonly Dialect[],
): void {
  for (const [index, template] of plan.templates.entries()) {
    const body = plan.filled(template.text);
    const alert = { text: body, json: readJson(body) };
    const live = dialects.some((dialect) => {
      const read = dialect.read(alert);
      return read.ok && read.value.requestedMode === 'production';
    });
    if (!live) continue;
    const which = plan.templates.length > 1 ? `Alert ${index + 1}` : 'The alert';
    throw new UsageProblem(
      `${which} asks for production, which could move real money: say --mode production --confirm. Nothing was sent.`,
    );
  }
}
