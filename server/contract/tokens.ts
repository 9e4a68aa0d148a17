import { z } from 'zod';
import { id, moment, plainText, role } from './primitives.ts';

/** What a token of a script may be for; each route of the API belongs to one or more of them. */
export const tokenScopes = ['read', 'stop', 'trade', 'settings', 'exchange', 'production'] as const;
export const tokenScope = z.enum(tokenScopes);
export type TokenScope = z.infer<typeof tokenScope>;

/** Days that a token may be good for at most, unless an admin says why it must not end. */
export const longestTokenDays = 365;

/** A token as it is shown: never its text, but for the moment it is made. */
export const apiToken = z
  .object({
    id,
    name: z.string(),
    prefix: z.string().nullable().meta({ description: 'How its text begins; null: it was made before that was kept' }),
    role: role.meta({ description: 'What it may do at most; never more than its maker may at the moment' }),
    scopes: z.array(tokenScope).nullable().meta({ description: 'null: everything its role may' }),
    madeBy: z.string().nullable().meta({ description: 'null: it belongs to this installation' }),
    createdAt: moment,
    expiresAt: moment.nullable(),
    reason: z.string().nullable().meta({ description: 'Why it does not end' }),
    lastUsedAt: moment.nullable(),
    state: z.enum(['good', 'expired', 'revoked', 'maker_disabled']),
    mine: z.boolean(),
  })
  .meta({ id: 'ApiToken' });
export type ApiTokenJson = z.infer<typeof apiToken>;

export const tokenWish = z
  .object({
    name: plainText(80).min(1, 'expected a name, such as what runs with it'),
    role,
    scopes: z.array(tokenScope).min(1, 'expected one scope or more').max(tokenScopes.length),
    days: z.number().int().min(1).max(longestTokenDays).nullable().meta({ description: 'null: it does not end' }),
    reason: plainText(300).optional().meta({ description: 'Why it must not end; admins only' }),
  })
  .meta({
    id: 'ApiTokenWish',
    example: { name: 'Night job', role: 'viewer', scopes: ['read'], days: 90 },
  });
export type TokenWishJson = z.infer<typeof tokenWish>;

export const madeToken = z.object({ token: z.string().meta({ description: 'Shown this once' }), made: apiToken }).meta({
  id: 'MadeApiToken',
});
export type MadeTokenJson = z.infer<typeof madeToken>;
