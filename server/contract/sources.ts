import { z } from 'zod';
import { proofs, secretProofs } from '../core/model/proofs.ts';
import { id, moment, plainText } from './primitives.ts';

export const proof = z.enum(proofs);
export const secretProof = z.enum(secretProofs);

const certificateWish = z
  .object({
    commonName: plainText(200).min(1),
    organization: plainText(200).min(1).nullable(),
    alternativeName: plainText(300)
      .regex(/^(email|DNS|URI):\S+$/, { error: 'expected email:…, DNS:… or URI:…' })
      .nullable(),
    authority: z.string().max(16_384).nullable().meta({
      description:
        'The certificate that must have signed it, as PEM; null: the proxy must report that it verified the chain',
    }),
  })
  .meta({ id: 'CertificateWish' });

/** Where alerts come in, and what a sender must prove. Never a secret. */
export const sourceJson = z
  .object({
    id,
    source: z.string().meta({ description: 'The :source of its address' }),
    name: z.string(),
    dialect: z.string().nullable(),
    strategy: z.string().nullable(),
    required: z.array(proof).meta({ description: 'All of them must hold' }),
    bodyField: z.string().nullable(),
    signatureWindowSeconds: z.number().int(),
    addresses: z.array(z.string()),
    certificate: certificateWish,
    secrets: z.array(
      z.object({
        proof: secretProof,
        createdAt: moment,
        previousUntil: moment.nullable().meta({ description: 'Until when the one before it is taken as well' }),
      }),
    ),
    changedBy: z.string().nullable(),
  })
  .meta({ id: 'Source' });
export type SourceJson = z.infer<typeof sourceJson>;

export const sourcesJson = z
  .object({
    items: z.array(sourceJson),
    trustedProxies: z
      .array(z.string())
      .meta({ description: 'From TRUSTED_PROXIES; without one no certificate is believed' }),
    dialects: z.array(z.string()).meta({ description: 'The dialects that a source can be set to' }),
  })
  .meta({ id: 'Sources' });
export type SourcesJson = z.infer<typeof sourcesJson>;

export const proofChange = z
  .object({
    required: z.array(proof).max(proofs.length).optional(),
    bodyField: plainText(64).min(1).nullable().optional().meta({
      description: 'The field of the body with its secret; a number is the place in a list with commas, from 1',
    }),
    signatureWindowSeconds: z.number().int().min(10).max(3600).optional(),
    addresses: z.array(z.string().max(64)).max(100).optional(),
    certificate: certificateWish.optional(),
  })
  .meta({ id: 'ProofChange' });
export type ProofChange = z.infer<typeof proofChange>;

/** A month: who has not changed an alert by then has forgotten it. */
const longestOverlapSeconds = 31 * 24 * 3600;
export const rotation = z
  .object({
    overlapSeconds: z.number().int().min(0).max(longestOverlapSeconds).default(86_400).meta({
      description: 'For how long the secret before is taken as well; 0 for one that has leaked',
    }),
    secret: plainText(200).min(8).optional().meta({
      description: 'One that alerts already send in their body; left out: it is made',
      writeOnly: true,
    }),
  })
  .meta({ id: 'Rotation' });
export type Rotation = z.infer<typeof rotation>;

export const rotated = z
  .object({
    proof: secretProof,
    secret: z.string().meta({ description: 'Shown this once' }),
    url: z.string().nullable().meta({ description: 'The address with it; null for other secrets' }),
    previousUntil: moment.nullable(),
  })
  .meta({ id: 'Rotated' });
export type Rotated = z.infer<typeof rotated>;
