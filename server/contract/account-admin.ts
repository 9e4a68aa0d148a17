import { z } from 'zod';
import { account } from './accounts.ts';
import { decimalText, mode, plainText } from './primitives.ts';

/** Keys come in and never go out again. */
export const brokerKeys = z
  .object({
    keyId: plainText(200).min(1).meta({ writeOnly: true }),
    secretKey: plainText(500).min(1).meta({ writeOnly: true, format: 'password' }),
  })
  .meta({ id: 'BrokerKeys' });
export type BrokerKeysJson = z.infer<typeof brokerKeys>;

const venue = account.shape.venue;
/** As it is shown in tables and named by alerts. */
const name = plainText(64).regex(/^[\p{L}\p{N}][\p{L}\p{N} ._-]*$/u, {
  error: 'expected letters, digits, spaces, dots, dashes and underscores',
});

export const accountWish = z
  .object({
    name,
    venue,
    mode: mode.optional().meta({ description: 'At the embedded exchange; elsewhere the venue says it' }),
    keys: brokerKeys.optional().meta({ description: 'Left out at the embedded exchange: it opens an account' }),
    cash: z.number().int().min(1).max(1_000_000_000).optional().meta({
      description: 'Play money of an account that the embedded exchange opens, in whole dollars',
    }),
  })
  .meta({ id: 'AccountWish' });
export type AccountWish = z.infer<typeof accountWish>;

export const accountChange = z
  .object({
    name: name.optional(),
    enabled: z.boolean().optional(),
    force: z.boolean().default(false).meta({ description: 'Switch it off although it holds something' }),
  })
  .meta({ id: 'AccountChange' });
export type AccountChange = z.infer<typeof accountChange>;

export const connectionTest = z.object({ venue, keys: brokerKeys }).meta({ id: 'ConnectionTest' });
export type ConnectionTest = z.infer<typeof connectionTest>;

export const connectionAnswer = z
  .object({
    accountNumber: z.string(),
    currency: z.string(),
    cash: decimalText,
    equity: decimalText,
    buyingPower: decimalText,
    tradingBlocked: z.boolean(),
  })
  .meta({ id: 'ConnectionAnswer' });
export type ConnectionAnswer = z.infer<typeof connectionAnswer>;
