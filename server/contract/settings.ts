import { z } from 'zod';
import { decimalText, id, mode, moment, plainText } from './primitives.ts';
import { promotionCriteria } from './promotion.ts';

const fraction = z
  .string()
  .regex(/^(0(\.\d+)?|1(\.0+)?|[1-9]\d?(\.\d+)?)$/, { error: 'expected a fraction, such as 0.2 for 20 %' })
  .meta({ description: 'A fraction as decimal text; "0.2" is 20 %' });

/** A decimal above 0. */
const positiveDecimal = decimalText.regex(/^(?!0*\.?0*$)\d+(\.\d+)?$/, { error: 'expected a decimal above 0' });

export const intakeSettings = z
  .object({
    repeatWindowSeconds: z.number().int().min(1).max(86_400),
    ratePerSecond: z.number().min(0.1).max(1_000_000),
    burst: z.number().int().min(1).max(1_000_000),
  })
  .meta({ id: 'IntakeSettings' });

export const brokerSettings = z
  .object({
    requestsPerMinute: z.number().int().min(0).max(1_000_000).meta({ description: 'At Alpaca; 0: no limit' }),
    embeddedRequestsPerMinute: z.number().int().min(0).max(1_000_000),
    breakerFailures: z.number().int().min(1).max(1000),
    breakerPauseSeconds: z.number().int().min(1).max(600),
  })
  .meta({ id: 'BrokerSettings' });

export const protectionSettings = z
  .object({
    withinSeconds: z.number().int().min(1).max(600),
    exitSeconds: z.number().int().min(1).max(86_400),
    stopLimitOffset: fraction,
  })
  .meta({ id: 'ProtectionSettings' });

export const reconciliationSettings = z
  .object({
    everySeconds: z.number().int().min(5).max(3600),
    staleSeconds: z.number().int().min(30).max(86_400).meta({ description: 'Must be more than everySeconds' }),
    failingSeconds: z.number().int().min(5).max(86_400),
    alarmSeconds: z.number().int().min(5).max(86_400),
  })
  .meta({ id: 'ReconciliationSettings' });

export const approvalSettings = z
  .object({
    expirySeconds: z
      .number()
      .int()
      .min(10)
      .max(86_400)
      .meta({ description: 'Who has not answered by then has refused' }),
    maxMove: fraction.meta({ description: 'How far the market may move between the ask and the order' }),
    inProduction: z.boolean().meta({ description: 'Whether every entry with real money waits for a person' }),
    twoInProduction: z.boolean().meta({ description: 'Whether two people must approve an entry with real money' }),
    twoAbove: positiveDecimal.nullable().meta({ description: 'Entries worth more need two people; null: none does' }),
  })
  .meta({ id: 'ApprovalSettings' });

/** A way of working something out; GET /api/v1/sizing lists them with their parameters. */
const chosenMethod = z.object({
  method: plainText(64).min(1),
  parameters: z.record(z.string(), z.union([z.string().max(64), z.number(), z.boolean()])),
});

export const sizeBounds = z
  .object({
    shares: z.enum(['whole', 'fractional']),
    lot: positiveDecimal.nullable().meta({ description: 'What a quantity is a multiple of; null: one share' }),
    minNotional: positiveDecimal.nullable().meta({ description: 'The least an entry is worth; null: what is taken' }),
    maxQuantity: positiveDecimal.nullable().meta({ description: 'The most shares of an entry; null: any number' }),
    maxNotional: positiveDecimal.nullable().meta({ description: 'The most an entry is worth; null: anything' }),
    fitBuyingPower: z
      .boolean()
      .meta({ description: 'Made smaller to fit the buying power, in place of being refused' }),
  })
  .refine(({ shares, lot }) => shares === 'fractional' || lot === null || /^\d+(\.0+)?$/.test(lot), {
    error: 'a lot of whole shares is a whole number',
    path: ['lot'],
  })
  .meta({ id: 'SizeBounds' });

export const strategyApproval = z
  .object({
    when: z.enum(['none', 'always', 'above']),
    notional: positiveDecimal.nullable().meta({ description: 'Of "above" alone: what an entry must be worth' }),
  })
  .refine(({ when, notional }) => (when === 'above') === (notional !== null), {
    error: 'an amount goes with "above", and with nothing else',
    path: ['notional'],
  })
  .meta({ id: 'StrategyApproval' });

export const gapSettings = z
  .object({
    act: z.enum(['ignore', 'quarantine', 'converge']).meta({
      description:
        'When an alert says that its script held something else than the strategy holds: nothing; no new entries in the symbol until a person clears it; or what is held is brought to what the script held, before the order',
    }),
    compare: z
      .enum(['side', 'size'])
      .meta({ description: 'Whether sizes count: for strategies that trade the quantities of their script' }),
    sizeDifference: fraction.meta({ description: 'How far sizes may be apart, of the larger' }),
  })
  .meta({ id: 'GapSettings' });

export const heartbeatSettings = z
  .object({
    everyMinutes: z.number().int().min(1).max(10_080).meta({ description: 'The longest its alerts are apart' }),
    graceMinutes: z.number().int().min(0).max(1440).meta({ description: 'How much later one may come' }),
    when: z
      .enum(['market_hours', 'always'])
      .meta({ description: 'Whether only minutes of the venue’s sessions count' }),
  })
  .meta({ id: 'HeartbeatSettings' });

export const strategySettings = z
  .object({
    stopDistance: fraction,
    sizing: chosenMethod.meta({ description: 'How large an entry is, where the alert names no quantity' }),
    stop: chosenMethod.meta({ description: 'Where the stop is, where the alert names none' }),
    bounds: sizeBounds,
    takeProfitRiskMultiple: decimalText.nullable(),
    allowShort: z.boolean(),
    exit: z.enum(['close', 'reduce']),
    entryType: z.enum(['market', 'limit']),
    approval: strategyApproval.meta({ description: 'Which of its entries wait for a person' }),
    ignoreTradingWindows: z.boolean().meta({
      description: 'Whether an alert with ignoreTradingWindows is not held to the rule on the hours of entries',
    }),
    shadow: z.boolean().meta({ description: 'Whether what it trades in production is also traded on paper' }),
    gap: gapSettings.meta({ description: 'What is done about alerts that seem to be missing' }),
    heartbeat: heartbeatSettings.nullable().meta({ description: 'How often it is heard of; null: it may be silent' }),
    routes: z
      .array(z.object({ account: z.uuid(), weight: positiveDecimal }))
      .max(50)
      .refine((routes) => new Set(routes.map((route) => route.account)).size === routes.length, {
        error: 'an account may be named once',
      })
      .meta({
        description: 'The accounts its alerts go to, each with a weight; none: the first enabled one of the mode',
      }),
  })
  .meta({ id: 'StrategySettings' });

export const strategy = z
  .object({ key: z.string(), mode, enabled: z.boolean(), settings: strategySettings, updatedAt: moment })
  .meta({ id: 'Strategy' });
export type Strategy = z.infer<typeof strategy>;

export const strategyChange = z
  .object({ mode: mode.optional(), enabled: z.boolean().optional(), settings: strategySettings.partial().optional() })
  .meta({ id: 'StrategyChange' });

export const settings = z
  .object({
    approvals: approvalSettings,
    intake: intakeSettings,
    brokers: brokerSettings,
    promotion: promotionCriteria,
    protection: protectionSettings,
    reconciliation: reconciliationSettings,
    zone: z.string(),
  })
  .meta({ id: 'Settings' });
export type SettingsJson = z.infer<typeof settings>;

export const settingsChange = z
  .object({
    approvals: approvalSettings.partial().optional(),
    intake: intakeSettings.partial().optional(),
    brokers: brokerSettings.partial().optional(),
    promotion: promotionCriteria.partial().optional(),
    protection: protectionSettings.partial().optional(),
    reconciliation: reconciliationSettings.partial().optional(),
    zone: plainText(64).optional(),
  })
  .meta({ id: 'SettingsChange' });

/** The master switch, as it stands. */
export const modeShown = z
  .object({ mode, since: moment.nullable(), by: z.string().nullable() })
  .meta({ id: 'ModeShown' });
export type ModeShown = z.infer<typeof modeShown>;

/** The master switch. Production asks for the confirmation to be typed. */
export const modeChange = z
  .object({
    mode,
    confirmation: z.string().optional().meta({ description: 'Must be "trade real money" for production' }),
  })
  .meta({ id: 'ModeChange' });

/** The form that sends a test alert; it goes through the same intake as TradingView's. */
export const testAlert = z
  .object({
    signal: z.enum(['BUY', 'SELL']),
    ticker: plainText(20).min(1),
    risk: decimalText,
    entryPrice: decimalText.optional(),
    stopLoss: decimalText.optional(),
    takeProfit: decimalText.optional(),
    mode: z.enum(['Paper', 'Production']).default('Paper'),
    strategy: plainText(64).optional(),
  })
  .meta({ id: 'TestAlert' });
export type TestAlert = z.infer<typeof testAlert>;

/** What somebody who is signed in may see of the set-up. The whole webhook address is for admins and traders. */
export const setup = z
  .object({
    webhookUrl: z
      .string()
      .nullable()
      .meta({ description: 'Whole while it is shown for the first time or to an admin' }),
    exampleAlert: z.string(),
    exampleCurl: z.string().nullable(),
    tickers: z.array(z.string()),
    reach: z
      .object({
        base: z.string().meta({ description: 'What the webhook’s address begins with' }),
        https: z.boolean(),
        where: z
          .enum(['machine', 'network', 'internet'])
          .meta({ description: 'From where a name like this can be reached: this machine, its network, or anywhere' }),
      })
      .meta({ description: 'Who can reach the webhook, going by its address' }),
    heard: z
      .object({ at: moment, signalId: id })
      .nullable()
      .meta({ description: 'The last alert that came in through a webhook, and not from the dashboard; null: none' }),
  })
  .meta({ id: 'Setup' });
export type Setup = z.infer<typeof setup>;

export const me = z
  .object({
    id: z.string(),
    name: z.string(),
    email: z.string().nullable(),
    role: z.enum(['admin', 'trader', 'analyst', 'viewer']),
  })
  .meta({ id: 'Me' });
export type Me = z.infer<typeof me>;
