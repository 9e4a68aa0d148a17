import { z } from 'zod';
import {
  mode,
  modeChange,
  modeShown,
  settingsChange,
  settings as settingsShape,
  strategy,
  strategyChange,
} from '../../contract/index.ts';
import { refusalCodes, refusals } from '../../core/model/refusals.ts';
import type { StrategyRecord } from '../../core/ports/settings.ts';
import { mayDo } from '../../platform/access/roles.ts';
import type { App, HttpParts } from '../parts.ts';
import { HttpProblem } from '../problems.ts';
import { createRoute, describeRoute, jsonBody } from '../route.ts';
import { requireStepUp } from '../step-up.ts';
import { requireSizing } from './sizing.ts';

/** What has to be typed before real money is traded. */
export const productionConfirmation = 'trade real money';

/** A strategy as it is told. */
export const shownStrategy = (record: StrategyRecord) => ({
  ...record,
  settings: {
    ...record.settings,
    routes: [...record.settings.routes],
    sizing: { ...record.settings.sizing, parameters: { ...record.settings.sizing.parameters } },
    stop: { ...record.settings.stop, parameters: { ...record.settings.stop.parameters } },
  },
  updatedAt: record.updatedAt.toISOString(),
});

/** The switches and the settings. */
export function controlRoutes(app: App, { queries, settings, sizing, clock }: HttpParts): void {
  const tag = 'Controls';
  const all = () => {
    const {
      approvals,
      intake,
      brokers,
      protection,
      reconciliation,
      promotion,
      'display.zone': zone,
    } = settings.current();
    return { approvals, intake, brokers, protection, reconciliation, promotion, zone };
  };

  app.openapi(
    createRoute(
      describeRoute({
        method: 'get',
        path: '/api/v1/mode',
        tag,
        summary: 'The master switch, since when it stands so, and who turned it',
        answer: modeShown,
      }),
    ),
    async (c) => {
      const turned = await settings.lastChange('mode.master');
      return c.json(
        {
          mode: settings.current()['mode.master'],
          since: turned?.at.toISOString() ?? null,
          by: turned?.by ?? null,
        },
        200,
      );
    },
  );
  app.openapi(
    createRoute({
      ...describeRoute({
        method: 'put',
        path: '/api/v1/mode',
        tag,
        summary: 'Turn the master switch; production asks for a confirmation',
        answer: z.object({ mode }),
      }),
      request: { body: jsonBody(modeChange) },
    }),
    async (c) => {
      const change = c.req.valid('json');
      if (change.mode === 'production' && change.confirmation !== productionConfirmation) {
        throw new HttpProblem(
          400,
          'NOT_CONFIRMED',
          'Not confirmed',
          `Production trades real money: send the confirmation "${productionConfirmation}". The switch stays on paper.`,
          [{ field: 'confirmation', code: 'NOT_CONFIRMED', message: `expected "${productionConfirmation}"` }],
        );
      }
      if (change.mode === 'production') requireStepUp(c.get('caller'), clock);
      const now = await settings.change('mode.master', change.mode, c.get('caller').name);
      return c.json({ mode: now['mode.master'] }, 200);
    },
  );
  app.openapi(
    createRoute(
      describeRoute({
        method: 'get',
        path: '/api/v1/strategies',
        tag,
        summary: 'Strategies and what their alerts mean',
        answer: z.object({ items: z.array(strategy) }),
      }),
    ),
    (c) => c.json({ items: settings.strategies().map(shownStrategy) }, 200),
  );
  app.openapi(
    createRoute({
      ...describeRoute({
        method: 'put',
        path: '/api/v1/strategies/{key}',
        tag,
        summary: 'Change a strategy, or make one',
        answer: strategy,
      }),
      request: { params: z.object({ key: z.string().regex(/^[\w.:-]{1,64}$/) }), body: jsonBody(strategyChange) },
    }),
    async (c) => {
      const { mode: to, enabled, settings: change } = c.req.valid('json');
      const { key } = c.req.valid('param');
      // What a person sends by hand is no strategy that could show anything on paper first.
      if (to === 'production' && key !== 'manual' && settings.strategy(key).mode !== 'production') {
        throw new HttpProblem(
          409,
          'PROMOTION_NEEDED',
          'Production asks for evidence',
          `${key} trades on paper. Promote it (POST /api/v1/strategies/${key}/promote): that shows what it has done on paper, and asks for a confirmation. Nothing was changed.`,
          [{ field: 'mode', code: 'PROMOTION_NEEDED', message: 'expected paper; a promotion sets production' }],
        );
      }
      if (
        change !== undefined &&
        settings.strategy(key).mode === 'production' &&
        !mayDo(c.get('caller').role, 'admin')
      ) {
        const sentence = `${key} trades real money: only an admin may change its size, stops, accounts or approvals. Anybody who trades may switch it off or back to paper. Nothing was changed.`;
        throw new HttpProblem(403, 'FORBIDDEN', 'Only for admins', sentence);
      }
      const known = new Set((await queries.accounts()).filter((one) => one.archivedAt === null).map((one) => one.id));
      const stray = change?.routes?.find((route) => !known.has(route.account));
      if (stray) {
        const sentence = `There is no account ${stray.account} to route ${key} to. Nothing was changed.`;
        throw new HttpProblem(400, 'NO_SUCH_ACCOUNT', 'No such account', sentence, [
          { field: 'settings.routes', code: 'NO_SUCH_ACCOUNT', message: 'expected ids of accounts' },
        ]);
      }
      requireSizing(sizing, { sizing: change?.sizing, stop: change?.stop });
      const record = await settings.changeStrategy(
        key,
        {
          ...(to === undefined ? {} : { mode: to }),
          ...(enabled === undefined ? {} : { enabled }),
          ...(change === undefined ? {} : { settings: withoutUndefined(change) }),
        },
        c.get('caller').name,
      );
      return c.json(shownStrategy(record), 200);
    },
  );
  app.openapi(
    createRoute(
      describeRoute({ method: 'get', path: '/api/v1/settings', tag, summary: 'Settings', answer: settingsShape }),
    ),
    (c) => c.json(all(), 200),
  );
  app.openapi(
    createRoute({
      ...describeRoute({
        method: 'patch',
        path: '/api/v1/settings',
        tag,
        summary: 'Change settings',
        answer: settingsShape,
      }),
      request: { body: jsonBody(settingsChange) },
    }),
    async (c) => {
      const change = c.req.valid('json');
      const by = c.get('caller').name;
      const now = settings.current();
      if (change.zone !== undefined) {
        if (!isZone(change.zone)) {
          throw new HttpProblem(
            400,
            'INVALID',
            'Unknown time zone',
            `${change.zone} is not a time zone. Nothing was changed.`,
            [{ field: 'zone', code: 'INVALID', message: 'expected an IANA zone, America/New_York for one' }],
          );
        }
        await settings.change('display.zone', change.zone, by);
      }
      if (change.intake) await settings.change('intake', { ...now.intake, ...withoutUndefined(change.intake) }, by);
      if (change.approvals) {
        await settings.change('approvals', { ...now.approvals, ...withoutUndefined(change.approvals) }, by);
      }
      if (change.promotion) {
        await settings.change('promotion', { ...now.promotion, ...withoutUndefined(change.promotion) }, by);
      }
      if (change.brokers) await settings.change('brokers', { ...now.brokers, ...withoutUndefined(change.brokers) }, by);
      if (change.protection) {
        await settings.change('protection', { ...now.protection, ...withoutUndefined(change.protection) }, by);
      }
      if (change.reconciliation) {
        const wanted = { ...now.reconciliation, ...withoutUndefined(change.reconciliation) };
        if (wanted.staleSeconds <= wanted.everySeconds) {
          const message = `expected more than the ${wanted.everySeconds} s between two comparisons`;
          throw new HttpProblem(
            400,
            'INVALID',
            'A comparison must count until the next one',
            `A comparison would stop counting after ${wanted.staleSeconds} s, before the next one after ${wanted.everySeconds} s. Nothing was changed.`,
            [{ field: 'reconciliation.staleSeconds', code: 'INVALID', message }],
          );
        }
        await settings.change('reconciliation', wanted, by);
      }
      return c.json(all(), 200);
    },
  );
  app.openapi(
    createRoute(
      describeRoute({
        method: 'get',
        path: '/api/v1/refusals',
        tag,
        summary: 'Every reason for which an alert is not carried out',
        answer: z.object({ items: z.array(z.object({ code: z.string(), title: z.string() })) }),
      }),
    ),
    (c) => c.json({ items: refusalCodes.map((code) => ({ code, title: refusals[code] })) }, 200),
  );
}

type Defined<T> = { [K in keyof T]?: Exclude<T[K], undefined> };

const withoutUndefined = <T extends object>(value: T): Defined<T> =>
  Object.fromEntries(Object.entries(value).filter(([, v]) => v !== undefined)) as Defined<T>;

function isZone(zone: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: zone });
    return true;
  } catch {
    return false;
  }
}
