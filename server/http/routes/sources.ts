import { z } from 'zod';
import {
  id,
  type ProofChange,
  proofChange,
  rotated,
  rotation,
  type SourceJson,
  secretProof,
  sourceJson,
  sourcesJson,
} from '../../contract/index.ts';
import { addressText, readBlock } from '../../core/net/address.ts';
import { ProofWishProblem, type SourceState } from '../../core/ports/proof-store.ts';
import { readAuthority } from '../../pipeline/intake/proofs/certificate.ts';
import type { App, HttpParts } from '../parts.ts';
import { HttpProblem, notFound } from '../problems.ts';
import { createRoute, describeRoute, jsonBody } from '../route.ts';

/** Where alerts come in: what their senders must prove, and the secrets that they prove it with. */
export function sourceRoutes(app: App, { proofs, trustedProxies, dialects, publicUrl }: HttpParts): void {
  const tag = 'Sources';
  const missing = 'such source, or it was revoked';

  app.openapi(
    createRoute(
      describeRoute({
        method: 'get',
        path: '/api/v1/sources',
        tag,
        summary: 'Sources of alerts, and what each asks of its senders',
        answer: sourcesJson,
      }),
    ),
    async (c) =>
      c.json(
        {
          items: (await proofs.list()).map(toJson),
          trustedProxies: trustedProxies.map((block) => `${addressText(block)}/${block.prefix}`),
          dialects: [...dialects],
        },
        200,
      ),
  );
  app.openapi(
    createRoute({
      ...describeRoute({
        method: 'patch',
        path: '/api/v1/sources/{id}/proofs',
        tag,
        summary: 'Say what senders must prove; the secret of the address always',
        answer: sourceJson,
      }),
      request: { params: z.object({ id }), body: jsonBody(proofChange) },
    }),
    async (c) => {
      const wish = c.req.valid('json');
      refuseUnreadable(wish);
      try {
        const changed = await proofs.change(c.req.valid('param').id, definedOf(wish), c.get('caller').name);
        if (changed === null) throw notFound(missing);
        return c.json(toJson(changed), 200);
      } catch (error) {
        if (!(error instanceof ProofWishProblem)) throw error;
        throw new HttpProblem(
          409,
          'PROOF_INCOMPLETE',
          'Nobody could prove that',
          `${error.message}. Nothing was changed.`,
        );
      }
    },
  );
  app.openapi(
    createRoute({
      ...describeRoute({
        method: 'post',
        path: '/api/v1/sources/{id}/secrets/{proof}',
        tag,
        summary: 'Make a secret anew; it is shown this once, and the one before it ends after the overlap',
        answer: rotated,
      }),
      request: { params: z.object({ id, proof: secretProof }), body: jsonBody(rotation) },
    }),
    async (c) => {
      const { id: webhookId, proof } = c.req.valid('param');
      const { overlapSeconds, secret: given } = c.req.valid('json');
      if (given !== undefined && proof !== 'body_secret')
        throw invalid('secret', 'only the secret of the body can be one of yours; the others are made here');
      const made = await proofs.rotate(webhookId, proof, { overlapSeconds, given }, c.get('caller').name);
      if (made === null) throw notFound(missing);
      const source = (await proofs.list()).find(({ policy }) => policy.webhookId === webhookId)?.source;
      const url = proof === 'url_secret' ? `${publicUrl}/hooks/${source}/${made.secret}` : null;
      c.header('cache-control', 'no-store');
      return c.json({ proof, secret: made.secret, url, previousUntil: made.previousUntil?.toISOString() ?? null }, 200);
    },
  );
}

function refuseUnreadable({ addresses, certificate }: ProofChange): void {
  for (const [at, text] of (addresses ?? []).entries())
    if (readBlock(text) === null)
      throw invalid(`addresses.${at}`, 'expected an address or a block of addresses, such as 192.0.2.0/24');
  const authority = certificate?.authority;
  if (authority && readAuthority(authority) === null)
    throw invalid('certificate.authority', 'expected the certificate of an authority, as PEM');
}

const invalid = (field: string, message: string) =>
  new HttpProblem(
    400,
    'INVALID',
    'The request has values that cannot be used',
    `${field}: ${message}. Nothing was changed.`,
    [{ field, code: 'invalid', message }],
  );

/** Without what was not said. */
const definedOf = (wish: ProofChange) =>
  Object.fromEntries(Object.entries(wish).filter(([, value]) => value !== undefined)) as {
    [Key in keyof ProofChange]: Exclude<ProofChange[Key], undefined>;
  };

const toJson = ({ policy, secrets, ...about }: SourceState): SourceJson => {
  const { webhookId, required, addresses, ...rest } = policy;
  return {
    id: webhookId,
    ...about,
    ...rest,
    required: [...required],
    addresses: [...addresses],
    secrets: secrets.map(({ proof, createdAt, previousUntil }) => ({
      proof,
      createdAt: createdAt.toISOString(),
      previousUntil: previousUntil?.toISOString() ?? null,
    })),
  };
};
