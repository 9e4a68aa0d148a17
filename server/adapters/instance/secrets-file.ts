import { mkdir, open, readFile, rename } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { z } from 'zod';

const shape = z
  .object({
    webhookToken: z.string(),
    dashboardToken: z.string(),
    apiToken: z.string(),
    sessionSecret: z.string(),
    /** 32 bytes as base64. */
    encryptionKey: z.string(),
    exchangeKeyId: z.string(),
    exchangeSecretKey: z.string(),
    exchangeAdminKey: z.string(),
  })
  .partial();

/** What this instance must be able to say again after a restart, in clear: the database keeps only hashes. */
export type Secrets = z.infer<typeof shape>;

/** Reads `<dataDir>/secrets.json`; an absent file is an empty one. A damaged one is an error that names it. */
export async function readSecrets(dataDir: string): Promise<Secrets> {
  const file = join(dataDir, 'secrets.json');
  let content: string;
  try {
    content = await readFile(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return {};
    throw error;
  }
  try {
    return shape.parse(JSON.parse(content));
  } catch {
    throw new Error(`${file} is damaged. Put back a copy, or remove it: webhook and API tokens will then be new ones.`);
  }
}

/** Writes it whole, readable by its owner only, and durably before anything that depends on it is told to anybody. */
export async function writeSecrets(dataDir: string, secrets: Secrets): Promise<void> {
  await writePrivately(join(dataDir, 'secrets.json'), `${JSON.stringify(secrets, null, 2)}\n`);
}

/** Replaces a file in one step with mode 0600: a reader sees the old content or the new, never half. */
export async function writePrivately(file: string, content: string): Promise<void> {
  await mkdir(dirname(file), { recursive: true });
  const draft = `${file}.${process.pid}.new`;
  const handle = await open(draft, 'w', 0o600);
  try {
    await handle.writeFile(content);
    await handle.sync();
  } finally {
    await handle.close();
  }
  await rename(draft, file);
}
