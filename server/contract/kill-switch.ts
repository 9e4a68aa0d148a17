import { z } from 'zod';
import { killScopes, killWays } from '../core/model/kill-switch.ts';
import { id, moment, plainText } from './primitives.ts';

const sinceRequest = (what: string) =>
  z
    .number()
    .nullable()
    .meta({ description: `Milliseconds from the request until ${what}; null: not yet, or nothing to measure` });

/** One kill switch, engaged or lifted. */
export const killSwitch = z
  .object({
    id,
    scope: z.enum(killScopes),
    key: z
      .string()
      .nullable()
      .meta({ description: 'The account’s id, the strategy’s key or the symbol; null for all' }),
    name: z
      .string()
      .meta({ description: 'What is stopped, as a person calls it: "everything", "account paper", "AAPL"' }),
    reason: z.string(),
    by: z.string(),
    via: z.enum(killWays),
    at: moment,
    flatten: z.boolean(),
    stoppedMs: sinceRequest('no entry could be sent any more').unwrap(),
    lastEntryMs: sinceRequest('the last entry that had got through was sent'),
    cancelled: z
      .number()
      .int()
      .nullable()
      .meta({ description: 'Entries it cancelled; null while one may still be open' }),
    cancelledMs: sinceRequest('the last resting entry had ended'),
    flatMs: sinceRequest('nothing was held any more'),
    lifted: z.object({ at: moment, by: z.string(), reason: z.string() }).nullable(),
  })
  .meta({ id: 'KillSwitch' });
export type KillSwitchJson = z.infer<typeof killSwitch>;

const target = {
  scope: z.enum(killScopes).default('all'),
  key: plainText(64).min(1).optional().meta({
    description: 'An account’s id or name, a strategy’s key or a symbol; left out for all',
  }),
};
const keyFitsScope = {
  test: ({ scope, key }: { scope: string; key?: string | undefined }) => (scope === 'all') === (key === undefined),
  says: { path: ['key'], error: 'name an account, a strategy or a symbol, and nothing for all' },
};

/** What engages a switch. One that is engaged already stays, but flattens too if it now is to. */
export const killSwitchWish = z
  .object({
    ...target,
    reason: plainText(500).min(3),
    flatten: z.boolean().default(false).meta({ description: 'Also close what is held of it at market' }),
    via: z.enum(['dashboard', 'api', 'command']).default('api'),
  })
  .refine(keyFitsScope.test, keyFitsScope.says)
  .meta({ id: 'KillSwitchWish' });
export type KillSwitchWish = z.infer<typeof killSwitchWish>;

export const killSwitchLift = z.object({ reason: plainText(500).min(3) }).meta({ id: 'KillSwitchLift' });

export const killSwitches = z
  .object({
    engaged: z.array(killSwitch),
    history: z.array(killSwitch).meta({ description: 'The newest hundred, engaged or lifted' }),
  })
  .meta({ id: 'KillSwitches' });
export type KillSwitchesJson = z.infer<typeof killSwitches>;

/** Cancels without stopping anything: what comes next is sent. */
export const cancelAllWish = z
  .object({
    ...target,
    which: z
      .enum(['entries', 'all'])
      .default('entries')
      .meta({ description: 'Entries alone, or exits and protective orders too: positions are then without a stop' }),
  })
  .refine(keyFitsScope.test, keyFitsScope.says)
  .meta({ id: 'CancelAllWish' });
export type CancelAllWish = z.infer<typeof cancelAllWish>;
