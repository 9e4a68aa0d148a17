import { OpenAPIHono } from '@hono/zod-openapi';
import { bodyLimit } from 'hono/body-limit';
import { compress } from 'hono/compress';
import { HTTPException } from 'hono/http-exception';
import { BadCursor } from '../core/ports/paging.ts';
import { audited } from './audited.ts';
import { inWords } from './field-words.ts';
import { guard } from './guard.ts';
import { hookRoutes } from './hooks.ts';
import type { App, Env, HttpParts } from './parts.ts';
import { guardedBy, type Permissions, permissionGaps, routePermissions } from './permissions.ts';
import { HttpProblem, problemResponse } from './problems.ts';
import { accountAdminRoutes } from './routes/account-admin.ts';
import { accountRoutes } from './routes/accounts.ts';
import { alarmRoutes } from './routes/alarms.ts';
import { alertRuleRoutes } from './routes/alert-rules.ts';
import { approvalRoutes } from './routes/approvals.ts';
import { auditRoutes } from './routes/audit.ts';
import { chartRoutes } from './routes/charts.ts';
import { controlRoutes } from './routes/controls.ts';
import { deadLetterRoutes } from './routes/dead-letters.ts';
import { docsRoutes } from './routes/docs.ts';
import { exchangeRoutes } from './routes/exchange.ts';
import { importBytes, importPath, instrumentRoutes } from './routes/instruments.ts';
import { killSwitchRoutes } from './routes/kill-switch.ts';
import { limitRoutes } from './routes/limits.ts';
import { lintRoutes } from './routes/lint.ts';
import { mailboxRoutes } from './routes/mailboxes.ts';
import { metricsRoutes } from './routes/metrics.ts';
import { missingAlertRoutes } from './routes/missing-alerts.ts';
import { notificationRoutes } from './routes/notifications.ts';
import { orderRoutes } from './routes/orders.ts';
import { ownAccountRoutes } from './routes/own-account.ts';
import { peopleRoutes } from './routes/people.ts';
import { performanceRoutes } from './routes/performance.ts';
import { promotionRoutes } from './routes/promotion.ts';
import { pushRoutes } from './routes/push.ts';
import { reconciliationRoutes } from './routes/reconciliations.ts';
import { recordingRoutes } from './routes/recordings.ts';
import { riskCheckRoutes } from './routes/risk-check.ts';
import { riskFiguresRoutes } from './routes/risk-figures.ts';
import { searchRoutes } from './routes/search.ts';
import { sendRoutes } from './routes/send.ts';
import { signInRoutes } from './routes/sign-in.ts';
import { signalRoutes } from './routes/signals.ts';
import { sizingRoutes } from './routes/sizing.ts';
import { sourceReadingRoutes } from './routes/source-reading.ts';
import { sourceRoutes } from './routes/sources.ts';
import { strategyRoutes } from './routes/strategies.ts';
import { tokenRoutes } from './routes/tokens.ts';
import { webhookRoutes } from './routes/webhooks.ts';
import { scopesFor } from './scopes.ts';
import { securityHeaders } from './security-headers.ts';
import { staticFiles } from './static-files.ts';
import { tradersPostRoutes } from './traders-post.ts';

/** Routes, in their order; each is behind its line of the permission table. One without a line does not start. */
export function createHttpApp(parts: HttpParts, permissions: Permissions = routePermissions): App {
  const app: App = new OpenAPIHono<Env>({
    defaultHook(result) {
      if (result.success) return;
      const fields = result.error.issues.map((issue) => ({
        field: issue.path.join('.') || result.target,
        code: issue.code,
        message: inWords(issue),
      }));
      throw new HttpProblem(
        400,
        'INVALID',
        'The request has values that cannot be used',
        `${fields.map((f) => `${f.field}: ${f.message}`).join('; ')}. Nothing was changed.`,
        fields,
      );
    },
  });
  app.onError((error, c) => {
    if (error instanceof HttpProblem) return problemResponse(c, error);
    if (error instanceof HTTPException) {
      return problemResponse(
        c,
        new HttpProblem(
          error.status as 400,
          'INVALID',
          'The request cannot be used',
          `${error.message || 'The body could not be read'}. Nothing was changed.`,
        ),
      );
    }
    if (error instanceof BadCursor) {
      return problemResponse(
        c,
        new HttpProblem(400, 'INVALID', 'The request cannot be used', `${error.message}. Nothing was changed.`, [
          { field: 'cursor', code: 'INVALID', message: 'expected the `next` of a page, or the `seq` of an event' },
        ]),
      );
    }
    if (isHangUp(error)) {
      // Whoever sends half a request and goes is answered by nobody, and must not be able to fill the log with errors.
      parts.log.debug({ method: c.req.method }, 'a sender hung up before its request was whole');
      return c.body(null, 400);
    }
    parts.log.error({ error, method: c.req.method }, 'a request failed');
    return problemResponse(
      c,
      new HttpProblem(
        500,
        'INTERNAL',
        'Something failed here',
        'The server could not answer. Orders and positions are not affected; the log has the details. Try again.',
      ),
    );
  });
  // The address is not repeated: it may hold a webhook's token.
  app.notFound((c) =>
    problemResponse(c, new HttpProblem(404, 'NOT_FOUND', 'Not found', 'There is nothing at this address.')),
  );

  app.use(securityHeaders(parts));
  // Lists of rows shrink to a tenth: on a mobile line that is most of the wait for them.
  app.use('/api/*', compress({ encoding: 'gzip' }));
  const [limited, limitedFile] = [limitBody(256 * 1024), limitBody(importBytes)];
  app.use('/api/*', (c, next) => (c.req.path === importPath ? limitedFile : limited)(c, next));
  app.route('/', hookRoutes({ intake: parts.intake, connectionOf: parts.connectionOf }));
  app.route('/', tradersPostRoutes(parts));
  const guards = new Set<unknown>();
  for (const [line, permission] of Object.entries(permissions)) {
    const guarded = guardedBy(permission);
    if (!guarded) continue;
    const [method, path] = line.split(' ') as [string, string];
    app.on(method, path, audited(parts, line, guard(parts, guarded, scopesFor(line))));
    guards.add(app.routes.at(-1));
  }
  app.get('/healthz', (c) => c.json({ ok: true }));
  app.get('/readyz', async (c) => ((await parts.commands.ready()) ? c.json({ ok: true }) : c.json({ ok: false }, 503)));
  signInRoutes(app, parts);
  ownAccountRoutes(app, parts);
  peopleRoutes(app, parts);
  // Before the routes with an id, which would take its last word for one.
  sendRoutes(app, parts);
  signalRoutes(app, parts);
  orderRoutes(app, parts);
  chartRoutes(app, parts);
  accountRoutes(app, parts);
  accountAdminRoutes(app, parts);
  reconciliationRoutes(app, parts);
  alarmRoutes(app, parts);
  auditRoutes(app, parts);
  alertRuleRoutes(app, parts);
  tokenRoutes(app, parts);
  approvalRoutes(app, parts);
  notificationRoutes(app, parts);
  pushRoutes(app, parts);
  deadLetterRoutes(app, parts);
  missingAlertRoutes(app, parts);
  searchRoutes(app, parts);
  instrumentRoutes(app, parts);
  controlRoutes(app, parts);
  strategyRoutes(app, parts);
  promotionRoutes(app, parts);
  limitRoutes(app, parts);
  riskCheckRoutes(app, parts);
  lintRoutes(app, parts);
  riskFiguresRoutes(app, parts);
  performanceRoutes(app, parts);
  sizingRoutes(app, parts);
  killSwitchRoutes(app, parts);
  sourceRoutes(app, parts);
  sourceReadingRoutes(app, parts);
  recordingRoutes(app, parts);
  mailboxRoutes(app, parts);
  webhookRoutes(app, parts);
  exchangeRoutes(app, parts);
  docsRoutes(app, parts);
  metricsRoutes(app, parts);
  app.get('/*', staticFiles(parts.webFolder));
  const routes = app.routes.filter((route) => route.method !== 'ALL' && !guards.has(route));
  const gaps = permissionGaps(
    routes.map(({ method, path }) => `${method} ${path}`),
    permissions,
  );
  if (gaps.length > 0) throw new Error(gaps.join('; '));
  return app;
}

/** As Node tells it of a request whose connection ended before its body did. */
const isHangUp = (error: unknown): boolean =>
  error instanceof Error && ((error as NodeJS.ErrnoException).code === 'ECONNRESET' || error.message === 'aborted');

/** Refuses what is too large, whether it says so or not, before anything of it is used. */
function limitBody(maxBytes: number) {
  return bodyLimit({
    maxSize: maxBytes,
    onError() {
      throw new HttpProblem(
        413,
        'TOO_LARGE',
        'Too large',
        `The body may have at most ${maxBytes} bytes. Nothing was changed.`,
      );
    },
  });
}
