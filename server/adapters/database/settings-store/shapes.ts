import { z } from 'zod';
import { mode } from '../../../contract/primitives.ts';
import { promotionCriteria } from '../../../contract/promotion.ts';
import {
  approvalSettings,
  brokerSettings,
  intakeSettings,
  protectionSettings,
  reconciliationSettings,
  strategySettings,
} from '../../../contract/settings.ts';
import {
  defaultSettings,
  defaultStrategySettings,
  type SettingKey,
  type Settings,
  type StrategySettings,
} from '../../../core/model/settings.ts';

const zone = z.string().refine(
  (name) => {
    try {
      return new Intl.DateTimeFormat('en', { timeZone: name }).format(0) !== '';
    } catch {
      return false;
    }
  },
  { error: 'expected an IANA time zone, such as America/New_York' },
);

/** What each setting must look like, on the way in and on the way out. */
const shapes: { readonly [K in SettingKey]: z.ZodType<Settings[K]> } = {
  'mode.master': mode,
  intake: intakeSettings,
  brokers: brokerSettings,
  protection: protectionSettings,
  reconciliation: reconciliationSettings,
  approvals: approvalSettings,
  promotion: promotionCriteria,
  'display.zone': zone,
  'setup.seen': z.boolean(),
};

export const settingKeys = Object.keys(shapes) as SettingKey[];

/** A stored value over the default, so that a limit added by a later version has its default; throws an `Error` that names key and fault. */
export function readSetting<K extends SettingKey>(key: K, stored: unknown): Settings[K] {
  const fallback = defaultSettings[key];
  return check(`setting ${key}`, shapes[key], over(fallback, stored));
}

/** A strategy's settings, likewise. */
export function readStrategySettings(key: string, stored: unknown): StrategySettings {
  const { bounds } = defaultStrategySettings;
  const known =
    isObject(stored) && isObject(stored.bounds) ? { ...stored, bounds: { ...bounds, ...stored.bounds } } : stored;
  return check(`strategy ${key}`, strategySettings, over(defaultStrategySettings, known));
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const over = (fallback: unknown, stored: unknown): unknown =>
  stored === undefined ? fallback : isObject(fallback) && isObject(stored) ? { ...fallback, ...stored } : stored;

function check<T>(what: string, shape: z.ZodType<T>, value: unknown): T {
  const parsed = shape.safeParse(value);
  if (parsed.success) return parsed.data;
  const faults = parsed.error.issues.map((issue) => `${issue.path.join('.') || 'value'}: ${issue.message}`);
  throw new RangeError(`The ${what} is not usable: ${faults.join('; ')}`);
}
