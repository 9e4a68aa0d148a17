import type { Clock } from '../core/ports/clock.ts';
import type { AlertOutcome, Metrics } from '../core/ports/metrics.ts';
import type { Intake, IntakeAnswer } from '../pipeline/intake/intake.ts';

const outcomes: Readonly<Record<IntakeAnswer['kind'], AlertOutcome>> = {
  accepted: 'accepted',
  repeated: 'repeated',
  refused: 'refused',
  recorded: 'recorded',
  alive: 'accepted',
  too_large: 'refused',
  unknown_token: 'unauthorized',
  not_fresh: 'unauthorized',
  rate_limited: 'limited',
  unavailable: 'unavailable',
};

/** The same intake, with what it answers counted and timed. */
export function countedIntake(
  intake: Intake,
  { metrics, clock }: { metrics: Pick<Metrics, 'alertAnswered'>; clock: Pick<Clock, 'monotonicMs'> },
): Intake {
  return {
    async receive(alert) {
      const startedMs = clock.monotonicMs();
      const answer = await intake.receive(alert);
      metrics.alertAnswered(outcomes[answer.kind], (clock.monotonicMs() - startedMs) / 1000);
      return answer;
    },
  };
}
