import { z } from 'zod';
import { approvalStates, voteVerdicts } from '../core/model/approval.ts';
import { decimalText, id, mode, moment, plainText, side } from './primitives.ts';
import { decision, ruleVerdict } from './signals.ts';

export const approvalVote = z
  .object({
    voter: z.string(),
    name: z.string(),
    verdict: z.enum(voteVerdicts),
    reason: z.string().nullable(),
    at: moment,
  })
  .meta({ id: 'ApprovalVote' });

/** An entry that waits for a person, or waited. */
export const approval = z
  .object({
    id,
    decisionId: id,
    signalId: id,
    receiptUrl: z.string(),
    accountId: id,
    account: z.string().meta({ description: 'The account’s name' }),
    mode,
    strategy: z.string(),
    symbol: z.string(),
    side,
    quantity: decimalText.meta({ description: 'What would be sent; never is more sent than that' }),
    price: decimalText.meta({ description: 'The middle of the market when it was asked' }),
    sizing: decision.shape.sizing,
    asks: z.array(ruleVerdict).meta({ description: 'Why a person is asked' }),
    votesNeeded: z.number().int(),
    votes: z.array(approvalVote),
    state: z.enum(approvalStates).meta({ description: '`approved`: everybody who was needed said yes' }),
    outcome: z
      .enum(['approved', 'denied', 'held'])
      .meta({ description: 'Of its decision: what was approved is judged anew, and may be denied all the same' }),
    sentence: z.string().nullable().meta({ description: 'How it ended, where nothing was sent' }),
    askedAt: moment,
    expiresAt: moment,
    settledAt: moment.nullable().meta({ description: 'When its decision was made final; null: it is not yet' }),
  })
  .meta({ id: 'Approval' });
export type ApprovalJson = z.infer<typeof approval>;

/** A yes. */
export const approvalWish = z.object({ reason: plainText(500).optional() }).meta({ id: 'ApprovalWish' });
export type ApprovalWish = z.infer<typeof approvalWish>;

/** A no, which says why. */
export const rejectionWish = z.object({ reason: plainText(500).min(1) }).meta({ id: 'RejectionWish' });
export type RejectionWish = z.infer<typeof rejectionWish>;
