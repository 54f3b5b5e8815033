/** Nothing passes in silence (L8): a fact that nothing follows from says so. */
import type { Fact } from './fact.ts';
import type { Collected } from './run.ts';

/** What is said of a fact that was noted and that nothing follows from now (L8). */
const NOTED: Readonly<Partial<Record<Fact['type'], string>>> = {
  'cancel.wished': 'noted; nothing of it is due now',
  'flatten.wished': 'noted; nothing of it is due now',
  'move.wished': 'noted; nothing of it is due now',
  'link.lost': 'noted; no order is less certain for it',
  'price.printed': 'it is the last price now',
  'market.halted': 'noted; nothing is sent into a halt',
  'market.resumed': 'noted; nothing of it is due now',
  'look.due': 'there is no link to look over',
  'admission.set': 'noted; it counts for what opens from now on',
  'kill.switched': 'nothing opens any more; no entry was live',
  'freeze.lifted': 'entries may be sent again',
};

const isSilent = (c: Collected): boolean =>
  c.moves.length +
    c.withdrawals.length +
    c.placements.length +
    c.asks.length +
    c.alarms.length +
    c.ignored.length +
    c.denied.length ===
  0;

export function breakSilence(c: Collected, fact: Fact): void {
  const note = NOTED[fact.type];
  if (note !== undefined && isSilent(c)) c.ignored.push(note);
}
