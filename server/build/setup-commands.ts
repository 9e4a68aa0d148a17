import type { Setup, Status } from '../contract/index.ts';
import type { SettingsStore } from '../core/ports/settings.ts';
import type { Commands } from '../http/commands.ts';
import type { Queries } from '../http/queries.ts';
import { mayDo } from '../platform/access/roles.ts';
import { reachOf } from './reach.ts';

/** An alert to try, as the dashboard and the terminal show it. */
export const exampleAlert = '{"signal":"BUY","ticker":"AAPL","mode":"Paper","risk":100}';

export const exampleCurl = (webhookUrl: string): string =>
  `curl -X POST '${webhookUrl}' -H 'content-type: application/json' -d '${exampleAlert}'`;

/** What connects an installation with TradingView, and whether somebody has to be shown how. */
export function createSetupCommands(parts: {
  readonly queries: Pick<Queries, 'accounts' | 'lastHeard'> & { latestSignal(): Promise<Status['lastSignal']> };
  readonly settings: Pick<SettingsStore, 'current' | 'change'>;
  readonly webhookUrl: () => string;
  readonly tickers: readonly string[];
}): Pick<Commands, 'setup' | 'setupWanted' | 'setupSeen'> {
  const { queries, settings } = parts;
  return {
    async setup(caller): Promise<Setup> {
      const whole = mayDo(caller.role, 'trader');
      const url = parts.webhookUrl();
      return {
        webhookUrl: whole ? url : null,
        exampleAlert,
        exampleCurl: whole ? exampleCurl(url) : null,
        tickers: [...parts.tickers],
        reach: reachOf(url),
        heard: await queries.lastHeard(),
      };
    },

    async setupWanted() {
      if (settings.current()['setup.seen']) return false;
      const [accounts, signal] = await Promise.all([queries.accounts(), queries.latestSignal()]);
      return signal === null && accounts.every((account) => account.venue === 'embedded');
    },

    async setupSeen(caller) {
      await settings.change('setup.seen', true, caller.name);
    },
  };
}
