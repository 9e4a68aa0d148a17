import { Document } from 'yaml';
import type { LimitScope } from '../../core/model/risk-limit.ts';
import type { Settings } from '../../core/model/settings.ts';
import type { StrategyRecord } from '../../core/ports/settings.ts';

/** What is in force, as a candidate: read back, it changes nothing. */
export function printConfig(
  settings: Settings,
  strategies: readonly StrategyRecord[],
  accounts: readonly { readonly id: string; readonly name: string }[],
): string {
  const scopeOf = ({ kind, name }: LimitScope) =>
    kind === 'everything'
      ? kind
      : { [kind]: kind === 'account' ? (accounts.find((one) => one.id === name)?.name ?? name) : name };
  const { 'mode.master': mode, 'display.zone': zone, 'setup.seen': _s, killSwitches: _k, limits, ...rest } = settings;
  const document = new Document({
    settings: { mode, ...rest, zone },
    strategies: Object.fromEntries(
      strategies.map(({ key, mode, enabled, settings }) => [key, { mode, enabled, ...settings }]),
    ),
    limits: limits.map(({ rule, scope, on, severity, parameters }) => ({
      rule,
      scope: scopeOf(scope),
      on,
      severity,
      parameters,
    })),
  });
  document.commentBefore = ' The configuration in force. docs/replay.md says what may stand here.';
  return document.toString({ lineWidth: 120 });
}
