/** What may be sent again after a look, and what must be (L11, D6). */
import { isReport, type Word } from '../core/reference-order.ts';
import {
  type Account,
  bookOf,
  entered,
  ofParty,
  open,
  type Party,
  pairOf,
  type Told,
} from './look-account.ts';

/**
 * What may be sent again under the same reference: the broker does not have it and never said that
 * it had, no sibling has traded since it left, and it would not sell what is not there.
 */
export function resendable(account: Account): readonly Told[] {
  if (account.link !== 'live') return [];
  return account.orders.filter((one) => {
    const party = account.parties.find(({ name }) => name === one.ticket.bracket);
    if (!one.truth.missing || !one.lost || one.truth.acknowledged || one.truth.end !== null)
      return false;
    if (party === undefined || pairOf(account, one).some((other) => tradedSince(other, one)))
      return false;
    return one.exits ? one.truth.qty <= open(account, party) : isWanted(account, party, one);
  });
}

/** An entry that nobody wants any more is not sent again. */
const isWanted = (account: Account, party: Party, { truth }: Told): boolean =>
  !party.wished && !truth.cancelAsked && !bookOf(account, party.symbol).frozen;

/** D20: what ended in the step that sent it had ended before. */
const tradedSince = ({ truth, endedAt }: Told, { sentAt }: Told): boolean =>
  truth.cumQty > 0 && (truth.end === null || endedAt > sentAt);

/** What must be: it hangs over nothing, because nothing of its bracket has gone another way. */
export const mustResend = (account: Account): readonly Told[] =>
  resendable(account).filter((one) => {
    const all = ofParty(account, one.ticket.bracket);
    const stops = all.filter(({ ticket }) => ticket.leg.startsWith('stop'));
    const size = stops.reduce((sum, { truth }) => sum + truth.qty, 0);
    const whole = account.parties.some(
      (party) => isOf(party, one) && party.foreign === 0 && size <= entered(account, party.name),
    );
    const untouched = ({ claimedAt, truth, words }: Told): boolean =>
      truth.differs.length === 0 &&
      claimedAt === 0 &&
      truth.cumQty === 0 &&
      truth.end === null &&
      words.every(isHarmless);
    return whole && all.every((order) => !order.exits || untouched(order));
  });

const isOf = ({ name }: Party, { ticket }: Told): boolean => ticket.bracket === name;

const ENDS: readonly string[] = ['cancelled', 'expired', 'filled'];

/** It leaves an order as large as it was asked. */
const isHarmless = (word: Word): boolean =>
  isReport(word) ? !ENDS.includes(word.status) : word.type.endsWith('.asked');
