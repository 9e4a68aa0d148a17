import type { ApiTokens } from '../adapters/auth/api-tokens.ts';
import { type Secrets, writeSecrets } from '../adapters/instance/secrets-file.ts';
import type { Random } from '../core/ports/random.ts';
import type { WebhookTokens } from '../core/ports/webhook-tokens.ts';

interface Parts {
  readonly tokens: WebhookTokens;
  readonly apiTokens: ApiTokens;
  readonly random: Random;
  /** SIGNALBOX_KEY, if it is set: then no key is kept in the data directory. */
  readonly given: string | undefined;
}

/**
 * Makes what is missing: at the first start everything, later nothing, and new tokens when the database does not know the old ones any
 * more (another database, or they were revoked). The key that encrypts broker keys is never replaced.
 */
export async function ensureSecrets(dataDir: string, before: Secrets, parts: Parts): Promise<Required<Secrets>> {
  const { tokens, apiTokens, random, given } = parts;
  const known = async (token: string | undefined, source: string): Promise<boolean> =>
    token !== undefined && (await tokens.find(token))?.source === source;
  const secrets: Required<Secrets> = {
    webhookToken: (await known(before.webhookToken, 'tradingview'))
      ? before.webhookToken!
      : await tokens.issue('TradingView', 'tradingview'),
    dashboardToken: (await known(before.dashboardToken, 'dashboard'))
      ? before.dashboardToken!
      : await tokens.issue('Dashboard', 'dashboard'),
    apiToken:
      before.apiToken !== undefined && (await apiTokens.isKnown(before.apiToken))
        ? before.apiToken
        : await apiTokens.issue('Scripts on this machine', 'admin'),
    sessionSecret: before.sessionSecret ?? random.token(48),
    encryptionKey: given ?? before.encryptionKey ?? Buffer.from(random.token(32), 'base64url').toString('base64'),
    exchangeKeyId:
      before.exchangeKeyId ??
      `PK${random
        .token(12)
        .replace(/[^A-Za-z0-9]/g, '')
        .toUpperCase()}`,
    exchangeSecretKey: before.exchangeSecretKey ?? random.token(30),
    exchangeAdminKey: before.exchangeAdminKey ?? random.token(30),
  };
  const { encryptionKey, ...rest } = secrets;
  // A key from the environment is its owner's to keep; an earlier one of ours stays, since something may be encrypted with it.
  const kept: Secrets = given
    ? { ...rest, ...(before.encryptionKey ? { encryptionKey: before.encryptionKey } : {}) }
    : { ...rest, encryptionKey };
  if (JSON.stringify(sorted(kept)) !== JSON.stringify(sorted(before))) await writeSecrets(dataDir, kept);
  return secrets;
}

const sorted = (secrets: Secrets) => Object.entries(secrets).sort(([a], [b]) => (a < b ? -1 : 1));
