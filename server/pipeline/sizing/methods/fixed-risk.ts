import { amountOf } from '../../../core/parameters.ts';
import { byRisk, inCents, noSize, sizingMethod } from '../method.ts';

export const method = sizingMethod({
  key: 'fixed-risk',
  order: 10,
  name: 'Fixed risk amount',
  says: 'So many shares that the stop costs at most the risk amount: of the alert, or else of the strategy.',
  recordAs: 'risk_per_share',
  parameters: { risk: amountOf('Risk amount where the alert names none; 0: the alert must', '0', 'lower') },
  wish(facts, { risk }) {
    const { signal, weight } = facts.context;
    if (signal.riskAmount) return byRisk(facts, signal.riskAmount);
    if (risk.eq('0')) return noSize('RISK_NO_SIZE', 'neither the alert nor the strategy names a risk amount.');
    return byRisk(facts, inCents(risk.times(weight)));
  },
});
